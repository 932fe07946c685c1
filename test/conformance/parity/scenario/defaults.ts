/** A cloud in which nothing was made yet, and calls that fail anywhere. */
import { call, callAs } from './step.ts';

const POOLS = [
  ['user', 'one.userpool.info'],
  ['group', 'one.grouppool.info'],
  ['datastore', 'one.datastorepool.info'],
  ['host', 'one.hostpool.info'],
  ['cluster', 'one.clusterpool.info'],
  ['vm', 'one.vmpool.info', -2, -1, -1, -1],
  ['template', 'one.templatepool.info', -2, -1, -1],
  ['image', 'one.imagepool.info', -2, -1, -1],
  ['vn', 'one.vnpool.info', -2, -1, -1],
  ['secgroup', 'one.secgrouppool.info', -2, -1, -1],
  ['acl', 'one.acl.info'],
  ['zone', 'one.zonepool.info'],
  ['document', 'one.documentpool.info', -2, -1, -1, 100],
  ['hook', 'one.hookpool.info'],
  ['vrouter', 'one.vrouterpool.info', -2, -1, -1],
  ['marketplace', 'one.marketpool.info', -2, -1, -1],
  ['marketapp', 'one.marketapppool.info', -2, -1, -1],
  ['vdc', 'one.vdcpool.info'],
  ['vmgroup', 'one.vmgrouppool.info', -2, -1, -1],
] as const;

const OBJECTS = [
  ['user', 0],
  ['user', 1],
  ['group', 0],
  ['group', 1],
  ['datastore', 0],
  ['datastore', 1],
  ['datastore', 2],
  ['cluster', 0],
  ['secgroup', 0],
  ['zone', 0],
] as const;

export const defaults = [
  call('version', 'one.system.version'),
  call('no such method', 'one.vm.nosuch'),
  call('wrong args', 'one.vm.info'),
  callAs('oneadmin:wrong', 'bad auth', 'one.vm.info', 0),
  callAs('nobody:x', 'no user', 'one.vm.info', 0),
  ...POOLS.map(([kind, method, ...args]) => call(`fresh pool ${kind}`, method, ...args)),
  ...OBJECTS.map(([kind, id]) => call(`default ${kind} ${id}`, `one.${kind}.info`, id, false)),
  call('host missing', 'one.host.info', 99, false),
  call('vm missing', 'one.vm.info', 99, false),
  call('image missing', 'one.image.info', 99, false),
  call('vn missing', 'one.vn.info', 99, false),
];
