/** What methods work with besides the cloud itself. */
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { IpamDrivers } from '../dispatch/ipam-drivers.ts';
import type { NetworkUpdates } from '../dispatch/network-updates.ts';
import type { RuleUpdates } from '../dispatch/rule-updates.ts';
import type { VnetDrivers } from '../dispatch/vnet-drivers.ts';
import type { HookManager } from '../hooks/hook-manager.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Cloud } from '../store/cloud.ts';

export interface Services {
  readonly cloud: Cloud;
  readonly drivers: DriverRunner;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Log;
  /** Through which VMs change. */
  readonly dispatcher: Dispatcher;
  /** Through which changed rules of security groups reach VMs. */
  readonly ruleUpdates: RuleUpdates;
  /** Through which changed attributes of networks reach VMs. */
  readonly networkUpdates: NetworkUpdates;
  /** Through which drivers give out addresses of ranges. */
  readonly ipam: IpamDrivers;
  /** Through which network drivers make and take away networks. */
  readonly vnetDrivers: VnetDrivers;
  readonly hooks: HookManager;
  /** Whether there is a method of that name. */
  isMethod(name: string): boolean;
}
