/** `one.host.*` and `one.hostpool.*` (src/rm/api/HostAPI.cc, 7.4). */
import { DEFAULT_CLUSTER_ID } from '../objects/cluster.ts';
import { createHost, type Host } from '../objects/host.ts';
import { withReservedCapacity } from '../objects/host-monitoring.ts';
import { HOST_STATUS, withHostTemplate } from '../objects/host-status.ts';
import { nameProblem } from '../objects/names.ts';
import { currentRecord, type Vm } from '../objects/vm.ts';
import { removeFromVdcs } from '../resources/vdc-resources.ts';
import { internal, notAllocated } from './api-error.ts';
import type { Call } from './call.ts';
import { listUsable } from './listing.ts';
import { defineMethod, int, optional, string } from './method.ts';
import { monitoringData } from './monitoring-data.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, sharedPoolMethod } from './standard/info.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const hostMethods = [
  defineMethod({
    name: 'one.host.allocate',
    params: { name: string, imMad: string, vmMad: string, cluster: int },
    help: 'Adds a host to a cluster, with the drivers that watch it and run machines on it.',
    run(call, { name, imMad, vmMad, cluster }) {
      const target = call.get('cluster', cluster === -1 ? DEFAULT_CLUSTER_ID : cluster);
      call.authorize(call.creation('host'), call.on('cluster', target, 'ADMIN'));
      const obstacle = hostObstacle(call, { name, imMad, vmMad });
      if (obstacle !== undefined) throw notAllocated(obstacle);
      return call.cloud.transaction(() => {
        const { host: pool } = call.cloud.pools;
        const host = { name, imMad, vmMad, clusterId: target.id, cluster: target.name };
        return pool.put(createHost(pool.nextId(), host)).id;
      });
    },
  }),
  infoMethod('host'),
  sharedPoolMethod('host'),
  updateMethod('host', {
    right: 'ADMIN',
    apply: (call, host, template) =>
      withReservedCapacity(withHostTemplate(host, template), call.cloud.pools.cluster.get(host.clusterId)),
  }),
  renameMethod('host', { right: 'ADMIN', spread: renameInHistories }),
  deleteMethod('host', {
    right: 'ADMIN',
    obstacle: (call, { id }) =>
      call.cloud.links.of('host.vms', id).size > 0 ? 'Can not remove a host with running VMs' : undefined,
    alongWith: (call, host) => {
      removeFromVdcs(call.cloud, 'hosts', host.id);
      call.cloud.afterCommit(() => call.cloud.monitoring.forget('host', host.id));
    },
  }),
  defineMethod({
    name: 'one.host.status',
    params: { id: int, status: int },
    help: 'Enables (0) or disables (1) a host, or takes it offline (2).',
    run(call, { id, status }) {
      const host = call.getAuthorized('host', id, 'ADMIN');
      const change = HOST_STATUS[status];
      if (!change) throw internal('Wrong status code');
      call.cloud.transaction(() => call.cloud.pools.host.put(change(host)));
      return id;
    },
  }),
  defineMethod({
    name: 'one.host.monitoring',
    params: { id: int },
    help: 'The samples of a host’s monitoring.',
    run(call, { id }) {
      call.getAuthorized('host', id, 'USE');
      return monitoringData(call, 'host', [id], -1);
    },
  }),
  defineMethod({
    name: 'one.hostpool.monitoring',
    params: { seconds: optional(int, -1) },
    help: 'Samples of all hosts: of the last seconds, the last ones (0), or all (-1).',
    run(call, { seconds }) {
      const hosts = listUsable(call, 'host').map(({ id }) => id);
      return monitoringData(call, 'host', hosts.reverse(), seconds);
    },
  }),
];

/** Why a host cannot be made, in oned's words. */
function hostObstacle(call: Call, host: { name: string; imMad: string; vmMad: string }): string | undefined {
  const problem = hostnameProblem(host.name) ?? nameProblem(host.name);
  if (problem !== undefined) return problem;
  if (host.imMad === '') return 'IM_MAD_NAME cannot be empty.';
  if (host.vmMad === '') return 'VMM_MAD_NAME cannot be empty.';
  const other = call.cloud.pools.host.byName(host.name);
  return other ? `NAME is already taken by HOST ${other.id}.` : undefined;
}

const MIN_HOSTNAME = 2;
const MAX_HOSTNAME = 63;
const NOT_AT_ENDS = ['-', '.', '_'];

function hostnameProblem(name: string): string | undefined {
  if (name.length < MIN_HOSTNAME || name.length > MAX_HOSTNAME) {
    return 'Invalid HOSTNAME, HOSTNAME length should be greater than 1, but smaller than 64 characters';
  }
  const [first = '', last = ''] = [name.at(0), name.at(-1)];
  if (NOT_AT_ENDS.includes(first)) return `Invalid HOSTNAME, first character can't be '${first}'`;
  const invalid = [...name].find((character) => !/[A-Za-z0-9._-]/.test(character));
  if (invalid !== undefined) return `Invalid HOSTNAME, '${invalid}' is invalid character for a HOSTNAME`;
  return NOT_AT_ENDS.includes(last) ? `Invalid HOSTNAME, last character can't be '${last}'` : undefined;
}

/** Records of VMs that are on the host name it. */
function renameInHistories(call: Call, host: Host): void {
  const { vm: pool } = call.cloud.pools;
  for (const id of call.cloud.links.of('host.vms', host.id)) {
    const vm = pool.get(id);
    if (vm && currentRecord(vm)?.hostId === host.id) pool.put(withHostName(vm, host.name));
  }
}

function withHostName(vm: Vm, hostName: string): Vm {
  const last = currentRecord(vm);
  return last ? { ...vm, history: [...vm.history.slice(0, -1), { ...last, hostName }] } : vm;
}
