/**
 * The kinds of objects, and what the protocol and the store need to know of each: how OpenNebula calls it in methods,
 * messages, rules and documents, whose names must differ, and with which id counting starts (src/rm/RequestLogger.cc,
 * include/PoolObjectSQL.h, src/nebula/Nebula.cc, 7.4).
 */
import type { AclType } from '../../opennebula/acl.ts';
import { keysOf } from '../../opennebula/tables.ts';
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
import type { OwnedRecord } from './record.ts';
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

/** Kinds whose objects have an owner, and with it permission bits. */
export type OwnedKind = { [K in Kind]: Records[K] extends OwnedRecord ? K : never }[Kind];

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
  vm: kind('vm', 'VM', 'virtual machine', 'VM', 'no', 0, true),
  host: kind('host', 'HOST', 'host', 'HOST', 'system', 0),
  image: kind('image', 'IMAGE', 'image', 'IMAGE', 'owner', 0, true),
  datastore: kind('datastore', 'DATASTORE', 'datastore', 'DATASTORE', 'system', 100),
  vnet: kind('vn', 'VNET', 'virtual network', 'NET', 'owner', 0, true),
  template: kind('template', 'VMTEMPLATE', 'virtual machine template', 'TEMPLATE', 'owner', 0, true),
  user: kind('user', 'USER', 'user', 'USER', 'system', 2),
  group: kind('group', 'GROUP', 'group', 'GROUP', 'system', 100),
  cluster: kind('cluster', 'CLUSTER', 'cluster', 'CLUSTER', 'system', 100),
  acl: kind('acl', 'ACL', 'ACL', 'ACL', 'no', 0),
  zone: kind('zone', 'ZONE', 'zone', 'ZONE', 'system', 100),
  secgroup: kind('secgroup', 'SECURITY_GROUP', 'security group', 'SECGROUP', 'owner', 100),
  document: kind('document', 'DOCUMENT', 'document', 'DOCUMENT', 'no', 0, true),
  vdc: kind('vdc', 'VDC', 'VDC', 'VDC', 'system', 100),
  marketplace: kind('market', 'MARKETPLACE', 'marketplace', 'MARKETPLACE', 'system', 100),
  marketapp: kind('marketapp', 'MARKETPLACEAPP', 'marketplaceapp', 'MARKETPLACEAPP', 'owner', 0, true),
  vrouter: kind('vrouter', 'VROUTER', 'virtual router', 'VROUTER', 'no', 0, true),
  vmgroup: kind('vmgroup', 'VM_GROUP', 'vm group', 'VMGROUP', 'owner', 0, true),
  vntemplate: kind('vntemplate', 'VNTEMPLATE', 'virtual network template', 'VNTEMPLATE', 'owner', 0, true),
  backupjob: kind('backupjob', 'BACKUPJOB', 'backup job', 'BACKUPJOB', 'owner', 0, true),
  hook: kind('hook', 'HOOK', 'hook', 'HOOK', 'system', 0, true),
};

export const KIND_NAMES = keysOf(KINDS);

function kind(
  prefix: string,
  element: string,
  title: string,
  authType: AuthType,
  namesUnique: KindEntry['namesUnique'],
  firstId: number,
  lockable = false,
): KindEntry {
  return { prefix, element, pool: `${element}_POOL`, title, authType, namesUnique, firstId, lockable };
}
