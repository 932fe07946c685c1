/** A cluster and a host. */
import { GREEN, HOST } from './objects.ts';
import { call, waitForState } from './step.ts';

export const hosts = [
  call('cluster create', 'one.cluster.allocate', 'blue'),
  call('cluster info', 'one.cluster.info', GREEN, false),
  call('cluster rename', 'one.cluster.rename', GREEN, 'green'),
  call('cluster update', 'one.cluster.update', GREEN, 'RESERVED_CPU="100"', 1),
  call('cluster info 2', 'one.cluster.info', GREEN, false),
  call('cluster delete', 'one.cluster.delete', GREEN),
  call('host create', 'one.host.allocate', 'host0', 'dummy', 'dummy', 0),
  call('host duplicate', 'one.host.allocate', 'host0', 'dummy', 'dummy', 0),
  waitForState('host on', 'one.host.info', HOST, 2),
  call('host info', 'one.host.info', HOST, false),
  call('host pool', 'one.hostpool.info'),
  call('host disable', 'one.host.status', HOST, 1),
  call('host info disabled', 'one.host.info', HOST, false),
  call('host enable', 'one.host.status', HOST, 0),
  waitForState('host on again', 'one.host.info', HOST, 2),
  call('host rename', 'one.host.rename', HOST, 'host0r'),
  call('host rename back', 'one.host.rename', HOST, 'host0'),
  call('host update', 'one.host.update', HOST, 'RACK="7"', 1),
];
