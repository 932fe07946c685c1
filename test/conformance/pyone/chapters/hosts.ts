/** Hosts and clusters. */
import { type Chapter, fails, missing, until, works } from '../step.ts';
import { renamed, shown, updated } from './standard.ts';

const node = { kind: 'host', title: 'host', type: 'HOST', id: '{node}' };
const blue = { kind: 'cluster', title: 'cluster', type: 'CLUSTER', id: '{blue}' };

export const hosts: Chapter = {
  title: 'hosts and clusters',
  steps: [
    works('cluster.allocate', ['blue'], { as: 'blue' }),
    fails(
      'cluster.allocate',
      ['blue'],
      'OneException',
      'Error allocating a new cluster. NAME is already taken by CLUSTER {blue}.',
    ),
    ...shown(blue, { NAME: 'blue', HOSTS: { ID: [] }, TEMPLATE: { RESERVED_CPU: null } }),
    ...updated(blue),
    ...renamed(blue, 'blue'),
    works('clusterpool.info', [], { gives: { CLUSTER: [{ NAME: 'blue' }, { NAME: 'default' }] } }),

    works('host.allocate', ['node-1', 'dummy', 'dummy', -1], { as: 'node' }),
    fails(
      'host.allocate',
      ['node-1', 'dummy', 'dummy', -1],
      'OneException',
      'Error allocating a new host. NAME is already taken by HOST {node}.',
    ),
    fails('host.allocate', ['no de', 'dummy', 'dummy', -1], 'OneException'),
    fails(
      'host.allocate',
      ['node-2', '', 'dummy', -1],
      'OneException',
      'Error allocating a new host. IM_MAD_NAME cannot be empty.',
    ),
    fails('host.allocate', ['node-2', 'dummy', 'dummy', 77], 'OneNoExistsException', 'Error getting cluster [77].'),
    fails('host.allocate', ['node-2', 'dummy', 'dummy', 0], 'OneAuthorizationException', undefined, {
      user: 'alice:wonderland',
    }),
    until('host.info', ['{node}'], { STATE: 2 }),
    // Before the host is enabled anew, which may give it a second sample.
    works('host.monitoring', ['{node}'], {
      gives: { MONITORING: [{ ID: 1 }] },
      unbound: ['MONITORING_DATA/MONITORING'],
    }),
    missing('host.monitoring', 'host'),
    ...shown(node, {
      NAME: 'node-1',
      IM_MAD: 'dummy',
      VM_MAD: 'dummy',
      CLUSTER_ID: 0,
      HOST_SHARE: { MAX_CPU: 800, MAX_MEM: 16_777_216, CPU_USAGE: 0, RUNNING_VMS: 0 },
      VMS: { ID: [] },
      TEMPLATE: { HYPERVISOR: 'dummy', RESERVED_CPU: null },
    }),
    ...updated(node),
    ...renamed(node, 'node-1'),
    works('host.status', ['{node}', 1]),
    works('host.info', ['{node}'], { gives: { STATE: 4 } }),
    works('host.status', ['{node}', 2]),
    works('host.info', ['{node}'], { gives: { STATE: 8 } }),
    works('host.status', ['{node}', 0]),
    until('host.info', ['{node}'], { STATE: 2 }),
    fails('host.status', ['{node}', 7], 'OneInternalException', 'Wrong status code'),
    missing('host.status', 'host', 0),
    works('hostpool.monitoring', [0], { unbound: ['MONITORING_DATA/MONITORING'] }),
    fails('hostpool.monitoring', ['all'], 'OneException'),
    works('hostpool.info', [], { gives: { HOST: [{ NAME: 'node-1' }, { NAME: 'dummy-1' }] } }),

    works('cluster.addhost', ['{blue}', '{node}']),
    works('host.info', ['{node}'], { gives: { CLUSTER_ID: 100, CLUSTER: 'blue' } }),
    works('cluster.info', ['{blue}'], { gives: { HOSTS: { ID: [1] } } }),
    missing('cluster.addhost', 'cluster', '{node}'),
    fails(
      'cluster.delete',
      ['{blue}'],
      'OneActionException',
      'Cannot delete cluster. Cluster 100 is not empty, it contains 1 hosts.',
    ),
    works('cluster.delhost', ['{blue}', '{node}']),
    // oned looks at the host only.
    works('cluster.delhost', [9999, '{node}']),
    fails('cluster.delhost', ['{blue}', 9999], 'OneNoExistsException', 'Error getting host [9999].'),
    works('cluster.adddatastore', ['{blue}', 1]),
    works('datastore.info', [1], { gives: { CLUSTERS: { ID: [0, 100] } } }),
    missing('cluster.adddatastore', 'cluster', 1),
    works('cluster.deldatastore', ['{blue}', 1]),
    missing('cluster.deldatastore', 'cluster', 1),
    works('vn.allocate', ['NAME = "clustered"\nVN_MAD = "dummy"\nBRIDGE = "br7"', -1], { as: 'net' }),
    works('cluster.addvnet', ['{blue}', '{net}']),
    works('cluster.info', ['{blue}'], { gives: { VNETS: { ID: [0] } } }),
    missing('cluster.addvnet', 'cluster', '{net}'),
    works('cluster.delvnet', ['{blue}', '{net}']),
    missing('cluster.delvnet', 'cluster', '{net}'),
    works('vn.delete', ['{net}']),
    fails('cluster.delete', [0], 'OneActionException'),
    works('cluster.delete', ['{blue}']),
    missing('cluster.delete', 'cluster'),
    works('host.delete', ['{node}']),
    missing('host.delete', 'host'),
  ],
};
