/** Clusters. Their members say to which they belong; the lists in the document come from there. */
import { Template, templateXml } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { TemplateRecord } from './record.ts';
import { idList } from './xml-parts.ts';

export interface Cluster extends TemplateRecord {}

/** The cluster in which objects are made when none is named; it cannot be removed. */
export const DEFAULT_CLUSTER_ID = 0;

export interface ClusterMembers {
  readonly hostIds: Iterable<number>;
  readonly datastoreIds: Iterable<number>;
  readonly vnetIds: Iterable<number>;
}

export function createCluster(id: number, name: string): Cluster {
  return {
    id,
    name,
    template: new Template([
      ['RESERVED_CPU', ''],
      ['RESERVED_MEM', ''],
    ]),
  };
}

export function clusterXml(cluster: Cluster, members: ClusterMembers): string {
  return group(
    'CLUSTER',
    text('ID', cluster.id),
    text('NAME', cluster.name),
    idList('HOSTS', members.hostIds),
    idList('DATASTORES', members.datastoreIds),
    idList('VNETS', members.vnetIds),
    group('TEMPLATE', templateXml(cluster.template)),
  );
}
