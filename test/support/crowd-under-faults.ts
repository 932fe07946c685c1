/** Many VMs that are asked for at once while parts of the cloud are killed: what has become of them in the end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../src/opennebula/client/client.ts';
import { RECOVER } from '../../src/opennebula/client/constants.ts';
import type { Vm } from '../../src/opennebula/client/views.ts';

const POLL_MS = 100;

/** Something that is killed, when so many of the VMs run. */
export interface Blow {
  readonly share: number;
  readonly strike: () => Promise<unknown>;
}

/** In the order in which they come; each machine's own service manager starts again what it runs. */
export function blows(on: (machine: string, ...argv: string[]) => Promise<unknown>): readonly Blow[] {
  return [
    { share: 0.1, strike: () => on('frontend', 'systemctl', 'kill', '--kill-who=main', '-s', 'KILL', 'opennebula') },
    // systemd starts it again, unless it was started too often within a minute.
    {
      share: 0.4,
      strike: () => on('host-1', 'sh', '-c', 'systemctl reset-failed docker; systemctl kill -s KILL docker'),
    },
    // The brackets keep it from finding itself.
    { share: 0.7, strike: () => on('host-2', 'pkill', '-KILL', '-f', '[o]nedock-host-helper') },
  ];
}

export interface CrowdOutcome {
  /** VMs that run in the end. */
  readonly running: number;
  /** How often a VM had to be recovered or started again by its owner. */
  readonly mended: number;
}

/**
 * Strikes while VMs start, then does what their owner would: retries what has failed and starts again what was found off.
 * @param ids  VMs that the front-end has acknowledged
 * @throws when VMs neither run nor rest within `patienceSeconds`
 */
export async function sustain(
  client: Client,
  ids: readonly number[],
  strikes: readonly Blow[],
  patienceSeconds = 300,
): Promise<CrowdOutcome> {
  const deadline = performance.now() + patienceSeconds * 1000;
  const left = [...strikes];
  let mended = 0;
  for (;;) {
    const vms = await look(client, ids);
    const running = vms.filter(({ isRunning }) => isRunning).length;
    if (left[0] && running >= left[0].share * ids.length) await left.shift()?.strike();
    else if (left.length === 0 && vms.length === ids.length) {
      if (running === ids.length) return { running, mended };
      for (const vm of vms) if (await mend(client, vm)) mended++;
    }
    if (performance.now() > deadline) {
      const others = vms
        .filter(({ isRunning }) => !isRunning)
        .map(({ id, lcmState, error }) => `${id} ${lcmState} ${error}`);
      throw new Error(`Of ${ids.length} VMs ${running} run after ${patienceSeconds} s; others: ${others.join('; ')}`);
    }
    await sleep(POLL_MS);
  }
}

/** Those that are still there; none while the front-end is not. */
async function look(client: Client, ids: readonly number[]): Promise<Vm[]> {
  try {
    return Array.from(await client.vmpool.info()).filter(({ id }) => ids.includes(id));
  } catch {
    return [];
  }
}

async function mend(client: Client, { id, state, hasFailed }: Vm): Promise<boolean> {
  try {
    if (hasFailed) await client.vm.recover(id, RECOVER.RETRY);
    else if (state === 'POWEROFF') await client.vm.action('resume', id);
    else return false;
    return true;
  } catch {
    // It has gone on in the meantime.
    return false;
  }
}
