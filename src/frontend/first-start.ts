/**
 * What a cloud holds before anybody has used it: administrators, groups, the default cluster, datastores, zone, security
 * group, VDC, marketplaces, and the rules by which users can work (the constructors of oned's pools, 7.4).
 */
import { Template } from '../opennebula/template.ts';
import type { Configuration } from './configuration/configuration.ts';
import { createAcl } from './objects/acl.ts';
import { createCluster, DEFAULT_CLUSTER_ID } from './objects/cluster.ts';
import { DEFAULT_DATASTORE_ID, FILES_DATASTORE_ID, SYSTEM_DATASTORE_ID } from './objects/datastore.ts';
import { decideForNew } from './objects/datastore-template.ts';
import { ONEADMIN_GROUP_ID, USERS_GROUP_ID } from './objects/group.ts';
import { NO_QUOTAS } from './objects/quotas.ts';
import { DEFAULT_RULES } from './objects/rules.ts';
import { DEFAULT_SECURITY_GROUP_ID } from './objects/security-group.ts';
import { ONEADMIN_ID, SERVERADMIN_ID, type User } from './objects/user.ts';
import { ALL_RESOURCES, DEFAULT_VDC_ID } from './objects/vdc.ts';
import { ZONE_ID } from './objects/zone.ts';
import type { Cloud } from './store/cloud.ts';

export interface FirstUsers {
  readonly oneadmin: FirstUser;
  readonly serveradmin: FirstUser;
}

export interface FirstUser {
  readonly name: string;
  /** As driver `core` keeps it. */
  readonly passwordHash: string;
  readonly token: string;
}

/** Drivers of the three datastores that every cloud begins with. */
export interface StorageDrivers {
  readonly dsMad: string;
  readonly tmMad: string;
}

const FILES: StorageDrivers = { dsMad: 'fs', tmMad: 'local' };

/** Fills an empty cloud; does nothing to another. */
export function createDefaultObjects(
  cloud: Cloud,
  configuration: Configuration,
  users: FirstUsers,
  storage: StorageDrivers = FILES,
): void {
  if (cloud.pools.user.size > 0) return;
  const oneadmin = users.oneadmin.name;
  cloud.transaction(() => {
    createUsers(cloud, users);
    createGroups(cloud);
    cloud.pools.cluster.put(createCluster(DEFAULT_CLUSTER_ID, 'default'));
    createDatastores(cloud, configuration, oneadmin, storage);
    createZone(cloud, configuration);
    createSecurityGroup(cloud, oneadmin);
    createVdc(cloud);
    createMarketplaces(cloud, oneadmin);
    for (const rule of DEFAULT_RULES) cloud.pools.acl.put(createAcl(cloud.pools.acl.nextId(), rule));
  });
}

function createUsers(cloud: Cloud, { oneadmin, serveradmin }: FirstUsers): void {
  const user = (id: number, { name, passwordHash, token }: FirstUser, authDriver: string): User => ({
    id,
    name,
    gid: ONEADMIN_GROUP_ID,
    gname: 'oneadmin',
    groupIds: [ONEADMIN_GROUP_ID],
    password: passwordHash,
    authDriver,
    enabled: true,
    tokens: [],
    template: new Template([['TOKEN_PASSWORD', token]]),
    quotas: NO_QUOTAS,
  });
  cloud.pools.user.put(user(ONEADMIN_ID, oneadmin, 'core'));
  cloud.pools.user.put(user(SERVERADMIN_ID, serveradmin, 'server_cipher'));
}

function createGroups(cloud: Cloud): void {
  const views = {
    DEFAULT_VIEW: 'cloud',
    VIEWS: 'cloud',
    GROUP_ADMIN_DEFAULT_VIEW: 'groupadmin',
    GROUP_ADMIN_VIEWS: 'groupadmin,cloud',
  };
  const empty = { adminIds: [], quotas: NO_QUOTAS };
  cloud.pools.group.put({ id: ONEADMIN_GROUP_ID, name: 'oneadmin', template: new Template(), ...empty });
  cloud.pools.group.put({ id: USERS_GROUP_ID, name: 'users', template: new Template([['SUNSTONE', views]]), ...empty });
}

const DATASTORES = [
  [SYSTEM_DATASTORE_ID, 'system', 'SYSTEM_DS'],
  [DEFAULT_DATASTORE_ID, 'default', 'IMAGE_DS'],
  [FILES_DATASTORE_ID, 'files', 'FILE_DS'],
] as const;

function createDatastores(
  cloud: Cloud,
  configuration: Configuration,
  oneadmin: string,
  { dsMad, tmMad }: StorageDrivers,
): void {
  for (const [id, name, type] of DATASTORES) {
    const attributes = { TYPE: type, ...(type === 'SYSTEM_DS' ? {} : { DS_MAD: dsMad }), TM_MAD: tmMad };
    const decisions = decideForNew(new Template(Object.entries(attributes)), {
      tm: (mad) => configuration.driver('TM_MAD_CONF', mad),
      ds: (mad) => configuration.driver('DS_MAD_CONF', mad),
    });
    cloud.pools.datastore.put({
      ...ownedBy(oneadmin, id, name, 0o640),
      ...decisions,
      basePath: `${configuration.text('DATASTORE_LOCATION')}/${id}`,
      state: 'READY',
      clusterIds: [DEFAULT_CLUSTER_ID],
      totalMb: 0,
      freeMb: 0,
      usedMb: 0,
    });
  }
}

function createZone(cloud: Cloud, configuration: Configuration): void {
  const template = new Template([
    ['ENDPOINT', `http://localhost:${configuration.text('PORT')}/RPC2`],
    ['ENDPOINT_GRPC', 'localhost:2634'],
  ]);
  cloud.pools.zone.put({ id: ZONE_ID, name: 'OpenNebula', state: 0, template });
}

function createSecurityGroup(cloud: Cloud, oneadmin: string): void {
  const template = new Template([
    [
      'DESCRIPTION',
      'The default security group is added to every network. Use it to add default filter rules for your networks. You may remove this security group from any network by updating its properties.',
    ],
    ['RULE', { RULE_TYPE: 'OUTBOUND', PROTOCOL: 'ALL' }],
    ['RULE', { RULE_TYPE: 'INBOUND', PROTOCOL: 'ALL' }],
  ]);
  cloud.pools.secgroup.put({ ...ownedBy(oneadmin, DEFAULT_SECURITY_GROUP_ID, 'default', 0o744), template });
}

function createVdc(cloud: Cloud): void {
  const description =
    'Every new group is added to this VDC. Use it to store default access rules for your groups. NOTE: You may need to remove a group from the default VDC before assigning it to other VDC.';
  cloud.pools.vdc.put({
    id: DEFAULT_VDC_ID,
    name: 'default',
    groupIds: [USERS_GROUP_ID],
    clusters: [{ zoneId: ZONE_ID, id: ALL_RESOURCES }],
    hosts: [],
    datastores: [],
    vnets: [],
    template: new Template([['DESCRIPTION', description]]),
  });
}

const MARKETPLACES = [
  [0, 'OpenNebula Public', 'one', 0, 'OpenNebula Systems MarketPlace'],
  [
    1,
    'Linux Containers',
    'linuxcontainers',
    1,
    'MarketPlace for the public image server fo LXC & LXD hosted at linuxcontainers.org',
  ],
] as const;

function createMarketplaces(cloud: Cloud, oneadmin: string): void {
  for (const [id, name, marketMad, state, description] of MARKETPLACES) {
    const template = new Template([
      ['DESCRIPTION', description],
      ['MARKET_MAD', marketMad],
    ]);
    cloud.pools.marketplace.put({
      ...ownedBy(oneadmin, id, name, 0o744),
      state,
      marketMad,
      zoneId: ZONE_ID,
      template,
    });
  }
}

function ownedBy(uname: string, id: number, name: string, permissions: number) {
  return { id, name, uid: ONEADMIN_ID, gid: ONEADMIN_GROUP_ID, uname, gname: 'oneadmin', permissions };
}
