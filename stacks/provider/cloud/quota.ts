/**
 * Limits of a user or group. OpenNebula keeps a line for VMs and one for each datastore and network; a call sets a whole
 * line, in which a limit that is left out takes the cloud's default.
 */
import * as z from 'zod';
import type { OneDocument } from '../../../src/opennebula/client/document.ts';
import { findAll, leaves } from '../../../src/opennebula/xml.ts';
import { templateText } from './attributes.ts';

const limit = z.number().min(-2).optional();

export const quotaInput = z
  .strictObject({
    vms: limit,
    runningVms: limit,
    cpu: limit.describe('Cores.'),
    memoryMb: limit,
    systemDiskMb: limit,
    datastores: z.array(z.strictObject({ id: z.int().min(0), images: limit, sizeMb: limit })).optional(),
    networks: z.array(z.strictObject({ id: z.int().min(0), leases: limit })).optional(),
  })
  .default({})
  .describe(
    'Limits: `vms`, `runningVms`, `cpu`, `memoryMb`, `systemDiskMb`; `datastores` (`id`, `images`, `sizeMb`); `networks` (`id`, `leases`). -1 is the cloud’s default, -2 none.',
  );

export type Quota = z.output<typeof quotaInput>;

const VM_METERS = {
  vms: 'VMS',
  runningVms: 'RUNNING_VMS',
  cpu: 'CPU',
  memoryMb: 'MEMORY',
  systemDiskMb: 'SYSTEM_DISK_SIZE',
} as const;
const DATASTORE_METERS = { images: 'IMAGES', sizeMb: 'SIZE' } as const;
const NETWORK_METERS = { leases: 'LEASES' } as const;

type Meters = Readonly<Record<string, string>>;
type Limits = Readonly<Record<string, number | undefined>>;

/** What is set of the limits that were written; one that has gone back to the default is missing. */
export function quotaOf(document: OneDocument, written: Quota = {}): Quota {
  const { datastores, networks } = written;
  return {
    ...limitsFound(document, 'VM', VM_METERS),
    ...(datastores && {
      datastores: datastores.map(({ id }) => ({ id, ...limitsFound(document, 'DATASTORE', DATASTORE_METERS, id) })),
    }),
    ...(networks && {
      networks: networks.map(({ id }) => ({ id, ...limitsFound(document, 'NETWORK', NETWORK_METERS, id) })),
    }),
  };
}

/** The lines that must be set so that the limits are as written, and those written before are so no more; `''` if none. */
export function quotaChanges(document: OneDocument, written: Quota, before: Quota = {}): string {
  const found = quotaOf(document, withLinesOf(written, before));
  const wanted = withLinesOf(written, before);
  const vms = isSame(limitsOf(wanted, VM_METERS), limitsOf(found, VM_METERS)) ? [] : [line(wanted, VM_METERS)];
  const lines = (key: 'datastores' | 'networks', meters: Meters) =>
    (wanted[key] ?? []).flatMap((limits: Limits & { id: number }, i: number) =>
      isSame(limitsOf(limits, meters), limitsOf(found[key]?.[i] ?? {}, meters))
        ? []
        : [{ ID: limits.id, ...line(limits, meters) }],
    );
  return templateText({
    VM: vms,
    DATASTORE: lines('datastores', DATASTORE_METERS),
    NETWORK: lines('networks', NETWORK_METERS),
  });
}

/** Lines that were written and are no more stand in it without limits. */
function withLinesOf(written: Quota, before: Quota): Quota {
  const lines = <Line extends { id: number }>(now: readonly Line[] = [], then: readonly Line[] = []) => [
    ...now,
    ...then.filter(({ id }) => !now.some((line) => line.id === id)).map(({ id }) => ({ id })),
  ];
  return {
    ...written,
    datastores: lines(written.datastores, before.datastores),
    networks: lines(written.networks, before.networks),
  };
}

const DEFAULT_LIMIT = -1;

function limitsFound(document: OneDocument, family: string, meters: Meters, id?: number): Limits {
  const element = findAll(document.element, `${family}_QUOTA/${family === 'VM' ? 'VM' : family}`).find(
    (each) => id === undefined || leaves(each).ID === String(id),
  );
  const values = element ? leaves(element) : {};
  return Object.fromEntries(
    Object.entries(meters).flatMap(([name, meter]) => {
      const value = Number(values[meter] ?? DEFAULT_LIMIT);
      return value === DEFAULT_LIMIT ? [] : [[name, value]];
    }),
  );
}

/** -1 says the same as nothing. */
function limitsOf(limits: object, meters: Meters): Limits {
  const given = Object.entries(limits).filter(([name, value]) => name in meters && value !== DEFAULT_LIMIT);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function line(limits: object, meters: Meters): Record<string, number> {
  return Object.fromEntries(
    Object.entries(meters).map(([name, meter]) => [meter, (limits as Limits)[name] ?? DEFAULT_LIMIT]),
  );
}

function isSame(a: Limits, b: Limits): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
