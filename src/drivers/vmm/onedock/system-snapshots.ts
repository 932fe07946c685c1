/**
 * System snapshots: images of a container's file system on its host, one tag each. They hold neither processes nor data
 * disks. OpenNebula gives them up when the VM stops running, and so do we (KEEP_SNAPSHOTS=no in oned.conf).
 */
import { findAll, findText, type XmlElement } from '../../../opennebula/xml.ts';
import { ActionFailure } from '../../contract/action.ts';
import { hasCode } from '../../docker/errors.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { snapshotRepository } from '../../hosts/vm-on-host.ts';
import { vmElement } from './vm.ts';

/** What SNAPSHOTCREATE tells OpenNebula: the tag. */
export function hypervisorId(snapshotId: string): string {
  return `snapshot-${snapshotId}`;
}

/** The image of a snapshot. @throws ActionFailure when it is none of this driver's */
export function snapshotImage(vmId: number, id: string): string {
  if (!/^snapshot-\d+$/.test(id)) throw new ActionFailure(`'${id}' is no snapshot of this driver.`);
  return `${snapshotRepository(vmId)}:${id}`;
}

export function hasSystemSnapshots(document: XmlElement): boolean {
  return findAll(vmElement(document), 'TEMPLATE/SNAPSHOT').length > 0;
}

/** Removes all snapshots that the document tells of. */
export async function removeSnapshots(
  host: DockerHost,
  vmId: number,
  document: XmlElement,
  signal: AbortSignal,
): Promise<void> {
  const ids = findAll(vmElement(document), 'TEMPLATE/SNAPSHOT').flatMap(
    (each) => findText(each, 'HYPERVISOR_ID') || [],
  );
  await Promise.all(ids.map((id) => removeSnapshotImage(host, snapshotImage(vmId, id), signal)));
}

/** One that the container itself was made of goes with the container. */
export async function removeSnapshotImage(host: DockerHost, image: string, signal: AbortSignal): Promise<void> {
  try {
    await host.docker.removeImage(image, { signal });
  } catch (error) {
    if (!hasCode(error, 'DOCKER_CONFLICT')) throw error;
  }
}
