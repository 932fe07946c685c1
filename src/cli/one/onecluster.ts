/** onecluster: clusters of hosts, datastores and networks. */
import type { Node } from '../document.ts';
import { command, type Format, required, type Tool } from './command.ts';
import { CLUSTER_ID, DATASTORE_ID, HOST_ID, textFormat, VNET_ID } from './formats.ts';
import { capacityOf, clusterPage, clusterTable } from './onecluster/cluster-page.ts';
import type { Line } from './output/page.ts';
import { fetchDocument, resource } from './resource.ts';
import type { Run } from './run.ts';
import { once } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';
import { plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const cluster = resource('CLUSTER', 'cluster', 'cluster', 'clusterid');

/** A command that puts something into a cluster or takes it out. */
function memberCommand(
  name: 'addhost' | 'delhost' | 'adddatastore' | 'deldatastore' | 'addvnet' | 'delvnet',
  help: string,
  member: Format<number>,
) {
  return command({
    name,
    help,
    args: [required(CLUSTER_ID), required(member)],
    run: (run, clusterId, memberId) =>
      once(run, clusterId, { kind: cluster.kind, done: 'updated' }, () =>
        run.client.cluster[name](clusterId, memberId),
      ),
  });
}

function planCommand(name: 'optimize' | 'planexecute' | 'plandelete', help: string, done: string) {
  return command({
    name,
    help,
    args: [required(CLUSTER_ID)],
    run: (run, clusterId) => once(run, clusterId, { kind: cluster.kind, done }, (id) => run.client.cluster[name](id)),
  });
}

async function page(object: Node, run: Run): Promise<Line[]> {
  const hosts = await Promise.all(
    object.ids('HOSTS').map((id) => fetchDocument(run, 'one.host.info', Number(id), false)),
  );
  return clusterPage(object, capacityOf(hosts));
}

export const onecluster: Tool = {
  name: 'onecluster',
  commands: [
    command({
      name: 'create',
      help: 'Creates a cluster.',
      args: [required(textFormat('name'))],
      run: async (run, name) => run.print(`ID: ${await run.client.cluster.allocate(name)}`),
    }),
    plainVerb(cluster, { name: 'delete', help: 'Deletes clusters.', done: 'deleted' }, ({ client }, id) =>
      client.cluster.delete(id),
    ),
    memberCommand('addhost', 'Moves a host into a cluster.', HOST_ID),
    memberCommand('delhost', 'Moves a host from a cluster into the default one.', HOST_ID),
    memberCommand('adddatastore', 'Adds a datastore to a cluster.', DATASTORE_ID),
    memberCommand('deldatastore', 'Takes a datastore out of a cluster.', DATASTORE_ID),
    memberCommand('addvnet', 'Adds a network to a cluster.', VNET_ID),
    memberCommand('delvnet', 'Takes a network out of a cluster.', VNET_ID),
    planCommand('optimize', 'Makes a plan that optimizes a cluster.', 'creating optimization plan'),
    planCommand('planexecute', 'Starts to carry out the plan of a cluster.', 'cluster optimization started'),
    planCommand('plandelete', 'Deletes the plan of a cluster.', 'plan deleted'),
    renameCommand(cluster),
    updateCommand(cluster),
    ...listCommands({
      title: cluster.title,
      table: clusterTable,
      fetch: (run) => fetchDocument(run, 'one.clusterpool.info'),
    }),
    showCommand({ resource: cluster, page }),
  ],
};
