/**
 * Which addresses a sandbox gets: a block of 10.64.0.0/10 that nothing on the user's machine uses. Where the search
 * begins depends on the sandbox's name only, so the same sandbox gets the same addresses each time it can.
 */
import { createHash } from 'node:crypto';
import { type Cidr, overlap, parseCidr, printCidr } from './cidr.ts';
import { fail } from './errors.ts';

export interface Subnets {
  /** CIDR of the network of the machines. */
  readonly management: string;
  /** CIDR of the network of the VMs. */
  readonly vms: string;
}

const POOL: Cidr = { first: 10 * 2 ** 24 + 64 * 2 ** 16, size: 2 ** 22 };
/** A block holds the machines' /24 in its lower half, and the VMs' /20 is its upper half. */
const BLOCK_SIZE = 2 ** 13;
const MANAGEMENT_SIZE = 2 ** 8;
const VMS_SIZE = 2 ** 12;

/** What a configuration asks for; what it leaves out is chosen. */
export type Wish = { readonly [Network in keyof Subnets]?: string | undefined };

/**
 * @param taken  networks of routes and addresses, and those of other sandboxes
 * @throws SUBNET_TAKEN when a wished network is not free, NO_FREE_SUBNET when all blocks are taken
 */
export function chooseSubnets(sandbox: string, taken: readonly Cidr[], wish: Wish = {}): Subnets {
  const { management, vms } = wish;
  const wished = Object.entries(wish).flatMap(([network, cidr]) => {
    const parsed = parseCidr(cidr ?? '');
    return cidr === undefined || parsed === undefined ? [] : [{ network, cidr, parsed }];
  });
  for (const { network, cidr, parsed } of wished) {
    const user = taken.find((other) => overlap(parsed, other));
    if (user) throw fail('SUBNET_TAKEN', { network, cidr, user: printCidr(user) });
  }
  if (management !== undefined && vms !== undefined) return { management, vms };
  const free = freeBlock(sandbox, [...taken, ...wished.map(({ parsed }) => parsed)]);
  return { management: management ?? free.management, vms: vms ?? free.vms };
}

function freeBlock(sandbox: string, taken: readonly Cidr[]): Subnets {
  const blocks = POOL.size / BLOCK_SIZE;
  const start = createHash('sha256').update(sandbox).digest().readUInt16BE() % blocks;
  for (let i = 0; i < blocks; i++) {
    const block = { first: POOL.first + ((start + i) % blocks) * BLOCK_SIZE, size: BLOCK_SIZE };
    if (taken.some((other) => overlap(block, other))) continue;
    return {
      management: printCidr({ first: block.first, size: MANAGEMENT_SIZE }),
      vms: printCidr({ first: block.first + BLOCK_SIZE - VMS_SIZE, size: VMS_SIZE }),
    };
  }
  throw fail('NO_FREE_SUBNET', { pool: printCidr(POOL) });
}
