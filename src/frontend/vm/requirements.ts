/** Requirements that oned adds to a VM by itself, from the clusters of what it uses (VirtualMachine.cc, 7.4). */
import type { Template, Vector } from '../../opennebula/template.ts';
import { edited } from './edit-template.ts';
import { InvalidTemplate } from './invalid-template.ts';
import { idsIn } from './nic.ts';

const NAMES = ['AUTOMATIC_REQUIREMENTS', 'AUTOMATIC_DS_REQUIREMENTS', 'AUTOMATIC_NIC_REQUIREMENTS'] as const;

/**
 * @param compatibleSystemDatastores COMPATIBLE_SYS_DS of the image datastores that have it
 * @throws InvalidTemplate when disks and NICs share no cluster
 */
export function withAutomaticRequirements(
  template: Template,
  compatibleSystemDatastores: readonly number[] = [],
): Template {
  const clusters = commonClusters(template);
  const forDatastores = datastoreRequirements(template, clusters, compatibleSystemDatastores);
  return edited(template, (copy) => {
    for (const name of NAMES) copy.delete(name);
    copy.add('AUTOMATIC_REQUIREMENTS', hostRequirements(template, clusters));
    if (clusters.length > 0) copy.add('AUTOMATIC_NIC_REQUIREMENTS', inClusters(clusters));
    if (forDatastores !== '') copy.add('AUTOMATIC_DS_REQUIREMENTS', forDatastores);
  });
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

/** Clusters that all disks and NICs share; empty when none of them is in any. */
function commonClusters(template: Template): number[] {
  const disks = template
    .vectors('DISK')
    .map((disk): [string, string, Vector] => ['DISK', `Datastore for DISK ${disk.DISK_ID}`, disk]);
  const nics = ['NIC', 'NIC_ALIAS'].flatMap((name) =>
    template.vectors(name).map((nic): [string, string, Vector] => ['NIC', `Network for NIC ${nic.NIC_ID}`, nic]),
  );
  let common: number[] | undefined;
  for (const [kind, what, device] of [...disks, ...nics]) {
    if (device.CLUSTER_ID === undefined) continue;
    const ids = idsIn(device.CLUSTER_ID);
    if (ids.length === 0) throw new InvalidTemplate(`Missing clusters. ${what} is not in any cluster`);
    const shared = common?.filter((id) => ids.includes(id)) ?? ids;
    if (shared.length === 0) {
      throw new InvalidTemplate(
        `Incompatible clusters in ${kind}. ${what} is not in the same cluster as the one used by other VM elements (cluster ${(common ?? []).join(',')})`,
      );
    }
    common = shared;
  }
  return (common ?? []).toSorted((a, b) => a - b);
}
