/** Documents of objects: their records, with what stands beside these about them. */
import { group } from '../../opennebula/xml.ts';
import { type EscapedText, escapeString } from '../../opennebula/xmlrpc.ts';
import { aclXml } from '../objects/acl.ts';
import { clusterXml } from '../objects/cluster.ts';
import { type Datastore, datastoreXml } from '../objects/datastore.ts';
import { documentXml } from '../objects/document.ts';
import { groupXmlWithQuotas } from '../objects/group.ts';
import { hookPoolEntryXml, hookXml } from '../objects/hook.ts';
import { type Host, hostPoolXml, hostXml } from '../objects/host.ts';
import { type Image, imageXml } from '../objects/image.ts';
import { KINDS, type Kind, type Records } from '../objects/kinds.ts';
import { marketAppXml } from '../objects/market-app.ts';
import { marketplaceXml } from '../objects/marketplace.ts';
import { plainObjectXml } from '../objects/plain-object.ts';
import { securityGroupXml } from '../objects/security-group.ts';
import { userXmlWithQuotas } from '../objects/user.ts';
import { vdcXml } from '../objects/vdc.ts';
import { vmGroupXml } from '../objects/vm-group.ts';
import { vmTemplateXml } from '../objects/vm-template.ts';
import { vnTemplateXml } from '../objects/vn-template.ts';
import { type Vnet, vnetPoolXml, vnetXml } from '../objects/vnet.ts';
import { vrouterXml } from '../objects/vrouter.ts';
import { zoneXml } from '../objects/zone.ts';
import type { Cloud } from '../store/cloud.ts';
import { defaultQuotas } from './default-quotas.ts';
import { leasedRanges } from './leases.ts';
import { poolText } from './pool-text.ts';
import { vmsInRole } from './vm-groups.ts';

type DocumentOf = { readonly [K in Exclude<Kind, 'vm'>]: (record: Records[K], cloud: Cloud) => string };

/** As `one.<kind>.info` prints them. */
const FULL: DocumentOf = {
  host: (host, cloud) => hostDocument(host, cloud),
  image: (image, cloud) => imageDocument(image, cloud),
  datastore: (datastore, cloud) => datastoreDocument(datastore, cloud),
  vnet: (vnet, cloud) => vnetXml(vnet, leasedRanges(cloud, vnet), vnetFollowers(vnet, cloud)),
  template: vmTemplateXml,
  user: (user, cloud) => userXmlWithQuotas(user, defaultQuotas(cloud, 'user')),
  group: (record, cloud) =>
    groupXmlWithQuotas(record, cloud.pools.user.ids('group', record.id), defaultQuotas(cloud, 'group')),
  cluster: (cluster, { pools }) =>
    clusterXml(cluster, {
      hostIds: pools.host.ids('cluster', cluster.id),
      datastoreIds: pools.datastore.ids('cluster', cluster.id),
      vnetIds: pools.vnet.ids('cluster', cluster.id),
    }),
  acl: aclXml,
  zone: zoneXml,
  secgroup: (secgroup, { links }) =>
    securityGroupXml(secgroup, {
      updated: links.of('secgroup.updated', secgroup.id),
      outdated: links.of('secgroup.outdated', secgroup.id),
      updating: links.of('secgroup.updating', secgroup.id),
      error: links.of('secgroup.error', secgroup.id),
    }),
  document: documentXml,
  vdc: vdcXml,
  marketplace: (market, { pools }) => marketplaceXml(market, pools.marketapp.ids('market', market.id)),
  marketapp: marketAppXml,
  vrouter: (router, { links }) => vrouterXml(router, links.of('vrouter.vms', router.id)),
  vmgroup: (record, cloud) => vmGroupXml(record, (role) => vmsInRole(cloud, record.id, role)),
  vntemplate: vnTemplateXml,
  backupjob: (record) => plainObjectXml('BACKUPJOB', record),
  hook: hookXml,
};

/** Where the entry in a pool says less: no last sample of hosts, no leases of networks, no executions of hooks. */
const POOL_ENTRY: Partial<DocumentOf> = {
  host: (host, { links }) => hostPoolXml(host, links.of('host.vms', host.id)),
  hook: hookPoolEntryXml,
  vnet: (vnet, cloud) => vnetPoolXml(vnet, leasedRanges(cloud, vnet), vnetFollowers(vnet, cloud)),
};

/** The document of an object, as its info call prints it. Virtual machines have a room of their own. */
export function documentOf<K extends Exclude<Kind, 'vm'>>(cloud: Cloud, kind: K, record: Records[K]): string {
  return FULL[kind](record, cloud);
}

/** The entry of an object in the document of its pool. */
function poolEntryOf<K extends Exclude<Kind, 'vm' | 'user' | 'group'>>(
  cloud: Cloud,
  kind: K,
  record: Records[K],
): string {
  const entryOf = POOL_ENTRY[kind];
  return entryOf ? entryOf(record, cloud) : documentOf(cloud, kind, record);
}

export function poolDocument<K extends Exclude<Kind, 'vm' | 'user' | 'group' | 'acl'>>(
  cloud: Cloud,
  kind: K,
  records: Iterable<Records[K]>,
): string | EscapedText {
  if (kind === 'host') return hostPoolDocument(cloud, records as Iterable<Host>);
  return group(KINDS[kind].pool, ...Array.from(records, (record) => poolEntryOf(cloud, kind, record)));
}

/** What stands beside the records is noted down at once, so that all entries are of one moment. */
function hostPoolDocument({ links }: Cloud, hosts: Iterable<Host>): EscapedText {
  const listed = Array.from(hosts, (host) => ({ host, vmIds: new Set(links.of('host.vms', host.id)) }));
  return poolText(KINDS.host.pool, listed, ({ host, vmIds }) => escapeString(hostPoolXml(host, vmIds)));
}

function hostDocument(host: Host, { links, monitoring }: Cloud): string {
  return hostXml(host, links.of('host.vms', host.id), monitoring.last('host', host.id)?.body);
}

export function imageDocument(image: Image, { links }: Cloud): string {
  return imageXml(image, {
    vmIds: links.of('image.vms', image.id),
    cloneIds: links.of('image.clones', image.id),
    appCloneIds: links.of('image.appClones', image.id),
  });
}

export function datastoreDocument(datastore: Datastore, { pools }: Cloud): string {
  return datastoreXml(datastore, pools.image.ids('datastore', datastore.id));
}

export function vnetFollowers(vnet: Vnet, { links }: Cloud) {
  return {
    vrouters: links.of('vnet.vrouters', vnet.id),
    updated: links.of('vnet.updated', vnet.id),
    outdated: links.of('vnet.outdated', vnet.id),
    updating: links.of('vnet.updating', vnet.id),
    error: links.of('vnet.error', vnet.id),
  };
}
