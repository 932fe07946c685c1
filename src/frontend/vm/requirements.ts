/** Requirements that oned adds to a VM by itself, from the clusters of what it uses (VirtualMachine.cc, 7.4). */
import type { Template, Vector } from '../../opennebula/template.ts';
import type { Datastore } from '../objects/datastore.ts';
import { edited } from './edit-template.ts';
import { InvalidTemplate } from './invalid-template.ts';
import { idsIn } from './nic.ts';

const NAMES = ['AUTOMATIC_REQUIREMENTS', 'AUTOMATIC_DS_REQUIREMENTS', 'AUTOMATIC_NIC_REQUIREMENTS'] as const;

/** @throws InvalidTemplate when disks and NICs share no cluster, or disks no system datastore */
export function withAutomaticRequirements(
  template: Template,
  findDatastore: (id: number) => Datastore | undefined,
): Template {
  const clusters = commonClusters(template);
  const forDatastores = datastoreRequirements(template, clusters, commonSystemDatastores(template, findDatastore));
  return edited(template, (copy) => {
    for (const name of NAMES) copy.delete(name);
    copy.add('AUTOMATIC_REQUIREMENTS', hostRequirements(template, clusters));
    if (clusters.length > 0) copy.add('AUTOMATIC_NIC_REQUIREMENTS', inClusters(clusters));
    if (forDatastores !== '') copy.add('AUTOMATIC_DS_REQUIREMENTS', forDatastores);
  });
}

/** Something of the VM that lies in clusters, and oned's words when these are none, or not those of what came before. */
interface Placed {
  readonly clusterIds: string | undefined;
  readonly missing: string;
  readonly incompatible: (known: string) => string;
}

/** Clusters that all files, disks and NICs share; empty when none of them is in any. @throws InvalidTemplate */
export function commonClusters(template: Template): number[] {
  let common: number[] | undefined;
  for (const { clusterIds, missing, incompatible } of placedParts(template)) {
    if (clusterIds === undefined) continue;
    const ids = idsIn(clusterIds);
    if (ids.length === 0) throw new InvalidTemplate(missing);
    const shared = common?.filter((id) => ids.includes(id)) ?? ids;
    if (shared.length === 0) throw new InvalidTemplate(incompatible((common ?? []).join(',')));
    common = shared;
  }
  return (common ?? []).toSorted((a, b) => a - b);
}

function placedParts(template: Template): Placed[] {
  const os = template.vector('OS');
  return [
    ...['KERNEL', 'INITRD'].map((name) => placedFile(name, os?.[`${name}_DS_CLUSTER_ID`])),
    ...template.vectors('DISK').map((disk) => placedDevice('DISK', `Datastore for DISK ${disk.DISK_ID}`, disk)),
    ...['NIC', 'NIC_ALIAS'].flatMap((name) =>
      template.vectors(name).map((nic) => placedDevice('NIC', `Network for NIC ${nic.NIC_ID}`, nic)),
    ),
  ];
}

function placedFile(name: string, clusterIds: string | undefined): Placed {
  return {
    clusterIds,
    missing: `Missing clusters. ${name} datastore is not in any cluster.`,
    incompatible: (known) => `Incompatible cluster in ${name} datastore, it should be in cluster ${known}.`,
  };
}

function placedDevice(kind: string, what: string, device: Vector): Placed {
  return {
    clusterIds: device.CLUSTER_ID,
    missing: `Missing clusters. ${what} is not in any cluster`,
    incompatible: (known) =>
      `Incompatible clusters in ${kind}. ${what} is not in the same cluster as the one used by other VM elements (cluster ${known})`,
  };
}

/** System datastores that all image datastores with COMPATIBLE_SYS_DS name; empty when none has it. */
function commonSystemDatastores(template: Template, findDatastore: (id: number) => Datastore | undefined): number[] {
  let common: number[] = [];
  for (const [i, disk] of template.vectors('DISK').entries()) {
    if (disk.DATASTORE_ID === undefined || disk.TYPE === 'FILESYSTEM') continue;
    const ids = idsIn(findDatastore(Number(disk.DATASTORE_ID))?.template.get('COMPATIBLE_SYS_DS'));
    if (ids.length === 0) continue;
    const shared = common.length === 0 ? ids : common.filter((id) => ids.includes(id));
    if (shared.length === 0) {
      throw new InvalidTemplate(
        `Incompatible system datastore in DISK. Images Datastore for DISK ${i} has not the same complatible system datastore(system datastores ${common.join(',')})`,
      );
    }
    common = shared;
  }
  return common.toSorted((a, b) => a - b);
}

export function isPinned(template: Template): boolean {
  const policy = template.vector('TOPOLOGY')?.PIN_POLICY?.toUpperCase();
  return policy !== undefined && policy !== 'NONE' && policy !== '';
}

function hostRequirements(template: Template, clusters: readonly number[]): string {
  const place = clusters.length > 0 ? [`(${clusters.map((id) => `CLUSTER_ID = ${id}`).join(' | ')})`] : [];
  const pinning = isPinned(template) ? '(PIN_POLICY = PINNED)' : '!(PIN_POLICY = PINNED)';
  const features = (template.vector('CPU_MODEL')?.FEATURES ?? '').split(',').filter((feature) => feature !== '');
  return [
    ...place,
    pinning,
    ...features.map((feature) => `(KVM_CPU_FEATURES = "*${feature}*")`),
    ...encryption(template),
  ].join(' & ');
}

function encryption(template: Template): string[] {
  const type = template.vector('MEMORY_ENCRYPTION')?.TYPE;
  if (!type) return [];
  const wanted = type === 'SEV' ? 'SEV*' : type === 'SEV-ES' ? 'SEV-*' : type;
  return [`(MEMORY_ENCRYPTION = "${wanted}")`];
}

function datastoreRequirements(template: Template, clusters: readonly number[], systemIds: readonly number[]): string {
  const places = [
    ...(clusters.length > 0 ? [inClusters(clusters)] : []),
    ...(systemIds.length > 0 ? [`(${systemIds.map((id) => `"ID" @> ${id}`).join(' | ')})`] : []),
  ];
  const tm = template.get('TM_MAD_SYSTEM')?.trim();
  const transfer = tm && places.length > 0 ? [`(TM_MAD = "${tm}")`] : [];
  const shared = template.vectors('DISK').some((disk) => disk.SHAREABLE === 'YES') ? ['(SHARED = "YES")'] : [];
  return [...places, ...transfer, ...shared].join(' & ');
}

function inClusters(clusters: readonly number[]): string {
  return `(${clusters.map((id) => `"CLUSTERS/ID" @> ${id}`).join(' | ')})`;
}
