/** onehost: hosts on which VMs run. */
import { HOST_STATUS } from '../../opennebula/client/constants.ts';
import { HOST_STATE } from '../../opennebula/numbers.ts';
import { CLUSTER } from './cluster-option.ts';
import { command, optional, required, type Tool } from './command.ts';
import { RANGE, textFormat } from './formats.ts';
import { hostPage } from './onehost/host-page.ts';
import { hostTable } from './onehost/host-table.ts';
import { monitoring } from './onehost/monitoring.ts';
import { fetchVms } from './onevm/related-vms.ts';
import { lastRecord } from './onevm/vm-table.ts';
import { flag, text } from './option.ts';
import { FORCE } from './options/force.ts';
import { ENDPOINT, GRPC, HELP, PASSWORD, USER, VERSION } from './options/global.ts';
import { FAILURE, Refusal } from './refusal.ts';
import { fetchDocument, resource } from './resource.ts';
import type { Run } from './run.ts';
import { listCommands, membersOf } from './verbs/list.ts';
import { plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const host = resource('HOST', 'host', 'host', 'hostid');

const IM = text({ name: 'im', short: '-i', long: '--im', argument: 'im_mad', help: 'Monitoring driver of the host' });
const VMM = text({
  name: 'vm',
  short: '-v',
  long: '--vm',
  argument: 'vmm_mad',
  help: 'Virtualization driver of the host',
});
const NET = text({
  name: 'net',
  short: '-n',
  long: '--net',
  argument: 'vn_mad',
  help: 'Ignored: networks have had drivers of their own since OpenNebula 5',
});

const SSH = flag({ name: 'ssh', long: '--ssh', help: 'Copy by SSH' });

function statusVerb(name: 'enable' | 'disable' | 'offline', help: string, status: number) {
  const done = name === 'offline' ? name : `${name}d`;
  return plainVerb(host, { name, help, done }, ({ client }, id) => client.host.status(id, status));
}

/** Every VM on the host is marked for the scheduler, which moves it to another one. */
async function flush(run: Run, id: number): Promise<void> {
  await run.client.host.status(id, HOST_STATUS.DISABLED);
  for (const vm of membersOf(await fetchVms(run))) {
    if (lastRecord(vm)?.get('HID') === String(id)) await run.client.vm.action('resched', vm.int('ID'));
  }
}

/** Setting a host offline and enabling it again starts its monitoring anew. */
async function forceUpdate(run: Run, hostIds: readonly number[] | undefined): Promise<number> {
  const hosts = membersOf(await fetchDocument(run, 'one.hostpool.info'));
  const clusterId = run.get(CLUSTER);
  const failed: string[] = [];
  for (const document of hosts) {
    const id = document.int('ID');
    const isMeant = hostIds
      ? hostIds.includes(id)
      : clusterId === undefined || document.int('CLUSTER_ID') === clusterId;
    if (!isMeant || document.int('STATE') === HOST_STATE.OFFLINE) continue;
    try {
      await run.client.host.status(id, HOST_STATUS.OFFLINE);
      await run.client.host.status(id, HOST_STATUS.ENABLED);
    } catch {
      failed.push(document.get('NAME') ?? String(id));
    }
  }
  if (failed.length === 0) {
    run.print('All hosts updated successfully.');
    return 0;
  }
  run.warn(['Failed to update the following hosts:', ...failed.map((name) => `* ${name}`)].join('\n'));
  return FAILURE;
}

export const onehost: Tool = {
  name: 'onehost',
  globalOptions: [HELP, VERSION, USER, PASSWORD, ENDPOINT, GRPC],
  commands: [
    command({
      name: 'create',
      help: 'Creates a host. Both drivers must be named.',
      args: [required(textFormat('hostname'))],
      options: [IM, VMM, NET, CLUSTER],
      run: async (run, name) => {
        const im = run.get(IM);
        const vmm = run.get(VMM);
        if (im === undefined || vmm === undefined) {
          throw new Refusal(
            'Drivers are mandatory to create a host:\n\t -i information driver\n\t -v hypervisor driver',
          );
        }
        run.print(`ID: ${await run.client.host.allocate(name, im, vmm, run.get(CLUSTER))}`);
      },
    }),
    plainVerb(host, { name: 'delete', help: 'Deletes hosts.', done: 'deleted' }, ({ client }, id) =>
      client.host.delete(id),
    ),
    statusVerb('enable', 'Enables hosts for everything.', HOST_STATUS.ENABLED),
    statusVerb(
      'disable',
      'Disables hosts: they are monitored, and VMs are deployed there by hand only.',
      HOST_STATUS.DISABLED,
    ),
    statusVerb('offline', 'Sets hosts offline: no monitoring and no deployment.', HOST_STATUS.OFFLINE),
    plainVerb(
      host,
      { name: 'flush', help: 'Disables hosts and reschedules the VMs that run there.', done: 'flushing' },
      flush,
    ),
    command({
      name: 'forceupdate',
      help: 'Monitors hosts at once: those named, those of a cluster or all.',
      args: [optional(RANGE, host.idList)],
      options: [CLUSTER],
      run: forceUpdate,
    }),
    command({
      name: 'sync',
      help: 'Says why nothing has to be copied to hosts: drivers run on the front-end, and hosts hold no files of theirs.',
      args: [optional(RANGE, host.idList)],
      options: [CLUSTER, SSH, FORCE],
      run: async (run) => run.print('Nothing to copy: drivers run on the front-end, hosts hold no files of theirs.'),
    }),
    monitoring,
    renameCommand(host),
    updateCommand(host, { done: 'updated' }),
    ...listCommands({
      title: host.title,
      table: hostTable,
      fetch: (run) => fetchDocument(run, 'one.hostpool.info'),
      hasTop: true,
    }),
    showCommand({
      resource: host,
      page: async (document, run) => hostPage(document, await fetchVms(run), run.io.now()),
    }),
  ],
};
