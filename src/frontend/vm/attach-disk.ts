/** One more disk for a VM that has been deployed (VirtualMachineDisks::set_up_attach, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import type { Datastore } from '../objects/datastore.ts';
import { currentRecord, type Vm } from '../objects/vm.ts';
import { type Surroundings, takeOneDisk, withSerial } from './create-vm.ts';
import { diskIdOf, disksOf } from './disk.ts';
import { inDatastore } from './disk-attributes.ts';
import { edited } from './edit-template.ts';
import { snapshotsOfImage } from './image-snapshots.ts';
import { InvalidTemplate } from './invalid-template.ts';
import { idsIn } from './nic.ts';
import { targetBeside } from './targets.ts';

/** @param system datastore of the VM's stay, in which a disk without an image lies. @throws InvalidTemplate */
export function withAttachedDisk(
  vm: Vm,
  given: Vector,
  system: Datastore,
  surroundings: Surroundings,
): { vm: Vm; diskId: number } {
  const context = vm.template.vector('CONTEXT');
  const devices = context ? [...disksOf(vm), context] : disksOf(vm);
  const diskId = Math.max(-1, ...devices.map((device) => diskIdOf(device)).filter(Number.isInteger)) + 1;
  const { prepared, image } = takeOneDisk(given, vm.template, surroundings);
  if (prepared.disk.TYPE === 'FILESYSTEM') throw new InvalidTemplate('Can not attach disks FILESYSTEM');
  const TARGET = targetBeside(
    prepared,
    devices.map((device) => device.TARGET),
    vm.template.vector('OS')?.MACHINE ?? '',
  );
  const placed = image ? prepared.disk : inDatastore(prepared.disk, system, surroundings.diskRules);
  const systemTm = vm.template.get('TM_MAD_SYSTEM');
  const marked = systemTm ? { ...placed, TM_MAD_SYSTEM: systemTm } : placed;
  const disk = withSerial({ ...marked, DISK_ID: String(diskId), TARGET }, vm.id, diskId);
  checkCluster(disk, currentRecord(vm)?.clusterId ?? -1);
  const diskSnapshots = image ? [...vm.diskSnapshots, ...snapshotsOfImage(image, diskId)] : vm.diskSnapshots;
  const template = edited(vm.template, (copy) => copy.add('DISK', disk));
  return { vm: { ...vm, template, diskSnapshots }, diskId };
}

function checkCluster({ CLUSTER_ID, IMAGE_ID }: Vector, clusterId: number): void {
  if (!CLUSTER_ID || idsIn(CLUSTER_ID).includes(clusterId)) return;
  throw new InvalidTemplate(`Image [${IMAGE_ID}] is not part of cluster [${clusterId}]`);
}
