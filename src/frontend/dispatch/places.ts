/** Where a VM's files lie: on the front-end, and below the datastores of front-end and hosts alike. */
import { posix } from 'node:path';
import type { HistoryRecord, Placement } from '../objects/vm.ts';

export interface Places {
  /** How transfer scripts name the front-end (HOSTNAME of oned.conf). */
  readonly frontendName: string;
  /** DATASTORE_LOCATION, the same on every machine. */
  readonly datastoreLocation: string;
  /** Below it each VM has a directory for its context and scripts. */
  readonly vmsDirectory: string;
}

/** The system directory of a stay: disks, context and whatever drivers keep there. */
export function systemDirectory(places: Places, record: Pick<Placement, 'datastoreId'>, vmId: number): string {
  return posix.join(places.datastoreLocation, String(record.datastoreId), String(vmId));
}

function vmDirectory(places: Places, vmId: number): string {
  return posix.join(places.vmsDirectory, String(vmId));
}

export function contextPath(places: Places, vmId: number): string {
  return posix.join(vmDirectory(places, vmId), 'context.sh');
}

/** The VM as it is when a guest is deployed; the same name is used in the system directory. */
export function deploymentPath(places: Places, vmId: number, { seq }: Pick<HistoryRecord, 'seq'>): string {
  return posix.join(vmDirectory(places, vmId), `deployment.${seq}`);
}

export function transferPath(
  places: Places,
  vmId: number,
  { seq }: Pick<HistoryRecord, 'seq'>,
  script: string,
): string {
  return posix.join(vmDirectory(places, vmId), `transfer.${seq}.${script}`);
}
