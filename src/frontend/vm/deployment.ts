/**
 * What a VM learns when it gets a system datastore: where its volatile disks lie, and how disks of image datastores with
 * another transfer driver get there (VirtualMachineDisks::check_tm_mad, 7.4).
 */
import type { Vector } from '../../opennebula/template.ts';
import { Template } from '../../opennebula/template.ts';
import type { Datastore } from '../objects/datastore.ts';
import type { Vm } from '../objects/vm.ts';
import { disksOf, isVolatile } from './disk.ts';
import { type DiskRules, inDatastore } from './disk-attributes.ts';
import { InvalidTemplate } from './invalid-template.ts';

export interface DeploymentContext {
  findDatastore(id: number): Datastore | undefined;
  readonly diskRules: DiskRules;
}

/** @throws InvalidTemplate when a disk cannot be there */
export function onDatastore(vm: Vm, system: Datastore, { findDatastore, diskRules }: DeploymentContext): Vm {
  const isFirst = !vm.template.get('TM_MAD_SYSTEM');
  const place = (disk: Vector): Vector => {
    if (isVolatile(disk)) return inDatastore(disk, system, diskRules);
    return isFirst ? transferredBy(disk, system.tmMad, findDatastore) : disk;
  };
  const template = new Template(
    vm.template.attributes.map(([name, value]) =>
      name === 'DISK' && typeof value !== 'string' ? [name, place(value)] : [name, value],
    ),
  );
  if (isFirst) template.add('TM_MAD_SYSTEM', system.tmMad);
  return { ...vm, template };
}

/** Whether all disks of a VM can be on system datastores of a transfer driver. */
export function canTransfer(vm: Vm, tmMad: string, findDatastore: DeploymentContext['findDatastore']): boolean {
  const chosen = vm.template.get('TM_MAD_SYSTEM')?.trim();
  if (chosen) return chosen === tmMad;
  return disksOf(vm).every((disk) => isVolatile(disk) || targetsFor(disk, tmMad, findDatastore) !== undefined);
}

function transferredBy(disk: Vector, tmMad: string, findDatastore: DeploymentContext['findDatastore']): Vector {
  const targets = targetsFor(disk, tmMad, findDatastore);
  if (!targets) throw new InvalidTemplate(`Image Datastore does not support transfer mode: ${tmMad}`);
  return { ...disk, ...targets };
}

/** What changes in a disk that goes to a system datastore of the driver; undefined when it cannot. */
function targetsFor(
  disk: Vector,
  tmMad: string,
  findDatastore: DeploymentContext['findDatastore'],
): Vector | undefined {
  const isSame = disk.TM_MAD?.toUpperCase() === tmMad.toUpperCase();
  if (isSame || disk.TYPE === 'FILESYSTEM' || disk.DATASTORE_ID === undefined) return {};
  const template = findDatastore(Number(disk.DATASTORE_ID))?.template;
  const suffix = tmMad.trim().toUpperCase();
  const [CLONE_TARGET, LN_TARGET, DISK_TYPE] = ['CLONE_TARGET', 'LN_TARGET', 'DISK_TYPE'].map((name) =>
    template?.get(`${name}_${suffix}`),
  );
  if (!CLONE_TARGET || !LN_TARGET || !DISK_TYPE) return undefined;
  return { CLONE_TARGET, LN_TARGET, DISK_TYPE, TM_MAD_SYSTEM: tmMad };
}
