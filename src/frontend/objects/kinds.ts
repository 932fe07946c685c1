/**
 * The kinds of objects, and what the protocol and the store need to know of each: how OpenNebula calls it in methods,
 * messages, rules and documents, whose names must differ, and with which id counting starts (src/rm/RequestLogger.cc,
 * include/PoolObjectSQL.h, src/nebula/Nebula.cc, 7.4).
 */
import type { AclType } from '../../opennebula/acl.ts';
import type { Acl } from './acl.ts';
import type { Cluster } from './cluster.ts';
import type { Datastore } from './datastore.ts';
import type { Document } from './document.ts';
import type { Group } from './group.ts';
import type { Hook } from './hook.ts';
import type { Host } from './host.ts';
import type { Image } from './image.ts';
import type { MarketApp } from './market-app.ts';
import type { Marketplace } from './marketplace.ts';
import type { PlainObject } from './plain-object.ts';
import type { SecurityGroup } from './security-group.ts';
import type { User } from './user.ts';
import type { Vdc } from './vdc.ts';
import type { Vm } from './vm.ts';
import type { VmGroup } from './vm-group.ts';
import type { VmTemplate } from './vm-template.ts';
import type { VnTemplate } from './vn-template.ts';
import type { Vnet } from './vnet.ts';
import type { VirtualRouter } from './vrouter.ts';
import type { Zone } from './zone.ts';

/** The record type of each kind. */
export interface Records {
  vm: Vm;
  host: Host;
  image: Image;
  datastore: Datastore;
  vnet: Vnet;
  template: VmTemplate;
  user: User;
  group: Group;
  cluster: Cluster;
  acl: Acl;
  zone: Zone;
  secgroup: SecurityGroup;
  document: Document;
  vdc: Vdc;
  marketplace: Marketplace;
  marketapp: MarketApp;
  vrouter: VirtualRouter;
  vmgroup: VmGroup;
  vntemplate: VnTemplate;
  backupjob: PlainObject;
  hook: Hook;
}

export type Kind = keyof Records;

/** Types that authorization knows; rules cannot name the last two. */
export type AuthType = AclType | 'HOOK' | 'ACL';

export interface KindEntry {
  /** `one.<prefix>.info` and `one.<prefix>pool.info`. */
  readonly prefix: string;
  /** Element of a document. */
  readonly element: string;
  readonly pool: string;
  /** As messages call it. */
  readonly title: string;
  readonly authType: AuthType;
  /** Within what a name is unique. */
  readonly namesUnique: 'system' | 'owner' | 'no';
  readonly firstId: number;
  readonly lockable: boolean;
}

export const KINDS: Readonly<Record<Kind, KindEntry>> = {
  vm: kind('vm', 'VM', 'VM_POOL', 'virtual machine', 'VM', 'no', 0, true),
  host: kind('host', 'HOST', 'HOST_POOL', 'host', 'HOST', 'system', 0),
  image: kind('image', 'IMAGE', 'IMAGE_POOL', 'image', 'IMAGE', 'owner', 0, true),
  datastore: kind('datastore', 'DATASTORE', 'DATASTORE_POOL', 'datastore', 'DATASTORE', 'system', 100),
  vnet: kind('vn', 'VNET', 'VNET_POOL', 'virtual network', 'NET', 'owner', 0, true),
  template: kind('template', 'VMTEMPLATE', 'VMTEMPLATE_POOL', 'virtual machine template', 'TEMPLATE', 'owner', 0, true),
  user: kind('user', 'USER', 'USER_POOL', 'user', 'USER', 'system', 2),
  group: kind('group', 'GROUP', 'GROUP_POOL', 'group', 'GROUP', 'system', 100),
  cluster: kind('cluster', 'CLUSTER', 'CLUSTER_POOL', 'cluster', 'CLUSTER', 'system', 100),
  acl: kind('acl', 'ACL', 'ACL_POOL', 'ACL', 'ACL', 'no', 0),
  zone: kind('zone', 'ZONE', 'ZONE_POOL', 'zone', 'ZONE', 'system', 100),
  secgroup: kind('secgroup', 'SECURITY_GROUP', 'SECURITY_GROUP_POOL', 'security group', 'SECGROUP', 'owner', 100),
  document: kind('document', 'DOCUMENT', 'DOCUMENT_POOL', 'document', 'DOCUMENT', 'no', 0, true),
  vdc: kind('vdc', 'VDC', 'VDC_POOL', 'VDC', 'VDC', 'system', 100),
  marketplace: kind('market', 'MARKETPLACE', 'MARKETPLACE_POOL', 'marketplace', 'MARKETPLACE', 'system', 100),
  marketapp: kind(
    'marketapp',
    'MARKETPLACEAPP',
    'MARKETPLACEAPP_POOL',
    'marketplaceapp',
    'MARKETPLACEAPP',
    'owner',
    0,
    true,
  ),
  vrouter: kind('vrouter', 'VROUTER', 'VROUTER_POOL', 'virtual router', 'VROUTER', 'no', 0, true),
  vmgroup: kind('vmgroup', 'VM_GROUP', 'VM_GROUP_POOL', 'vm group', 'VMGROUP', 'owner', 0, true),
  vntemplate: kind(
    'vntemplate',
    'VNTEMPLATE',
    'VNTEMPLATE_POOL',
    'virtual network template',
    'VNTEMPLATE',
    'owner',
    0,
    true,
  ),
  backupjob: kind('backupjob', 'BACKUPJOB', 'BACKUPJOB_POOL', 'backup job', 'BACKUPJOB', 'owner', 0, true),
  hook: kind('hook', 'HOOK', 'HOOK_POOL', 'hook', 'HOOK', 'system', 0, true),
};

export const KIND_NAMES = Object.keys(KINDS) as Kind[];

function kind(
  prefix: string,
  element: string,
  pool: string,
  title: string,
  authType: AuthType,
  namesUnique: KindEntry['namesUnique'],
  firstId: number,
  lockable = false,
): KindEntry {
  return { prefix, element, pool, title, authType, namesUnique, firstId, lockable };
}
