/** Every method of the API, by name. */
import { aclMethods } from './acl.ts';
import { clusterMethods } from './cluster.ts';
import { datastoreMethods } from './datastore.ts';
import { documentMethods } from './document.ts';
import { groupMethods } from './group.ts';
import { hookMethods } from './hook.ts';
import { hostMethods } from './host.ts';
import { imageMethods } from './image.ts';
import { listedOnlyMethods } from './listed-only.ts';
import { loginMethod } from './login.ts';
import { marketMethods } from './market.ts';
import { marketAppMethods } from './market-app.ts';
import type { Method } from './method.ts';
import { defaultQuotaMethods } from './quota.ts';
import { securityGroupMethods } from './security-group.ts';
import { systemMethods } from './system.ts';
import { templateMethods } from './template.ts';
import { unsupportedMethods } from './unsupported.ts';
import { userMethods } from './user.ts';
import { userGroupMethods } from './user-groups.ts';
import { vdcMethods } from './vdc.ts';
import { vmMethods } from './vm.ts';
import { instantiateMethod } from './vm-allocate.ts';
import { configurationMethods } from './vm-configuration.ts';
import { diskSaveAsMethod } from './vm-disk-saveas.ts';
import { diskSnapshotMethods } from './vm-disk-snapshots.ts';
import { diskMethods } from './vm-disks.ts';
import { execMethods } from './vm-exec.ts';
import { vmGroupMethods } from './vm-group.ts';
import { nicMethods } from './vm-nics.ts';
import { schedActionMethods } from './vm-sched-actions.ts';
import { nicSecurityGroupMethods } from './vm-security-groups.ts';
import { snapshotMethods } from './vm-snapshots.ts';
import { unsupportedVmMethods } from './vm-unsupported.ts';
import { vmGroupMembershipMethods } from './vm-vm-group.ts';
import { vmPoolMethods } from './vmpool.ts';
import { vnTemplateMethods } from './vn-template.ts';
import { vnetMethods } from './vnet.ts';
import { vnetLeaseMethods } from './vnet-leases.ts';
import { vnetRangeMethods } from './vnet-ranges.ts';
import { vrouterMethods } from './vrouter.ts';
import { vrouterNicMethods } from './vrouter-nics.ts';
import { zoneMethods } from './zone.ts';

const TABLES: readonly (readonly Method[])[] = [
  aclMethods,
  clusterMethods,
  datastoreMethods,
  documentMethods,
  groupMethods,
  hookMethods,
  hostMethods,
  imageMethods,
  listedOnlyMethods,
  marketMethods,
  marketAppMethods,
  securityGroupMethods,
  systemMethods,
  [...templateMethods, instantiateMethod],
  [...userMethods, ...userGroupMethods, loginMethod],
  defaultQuotaMethods('user'),
  defaultQuotaMethods('group'),
  [...vmMethods, ...configurationMethods, ...diskMethods, diskSaveAsMethod, ...diskSnapshotMethods, ...nicMethods],
  nicSecurityGroupMethods,
  [...schedActionMethods, ...snapshotMethods, ...execMethods, ...unsupportedVmMethods],
  vdcMethods,
  [...vmGroupMethods, ...vmGroupMembershipMethods],
  vmPoolMethods,
  [...vnetMethods, ...vnetRangeMethods, ...vnetLeaseMethods],
  vnTemplateMethods,
  [...vrouterMethods, ...vrouterNicMethods],
  zoneMethods,
  unsupportedMethods,
];

export const METHODS: ReadonlyMap<string, Method> = new Map(TABLES.flat().map((method) => [method.name, method]));
