/** onevrouter: virtual routers, which are VMs that join networks. */
import { command, optional, required, type Tool } from './command.ts';
import { FILE, intFormat } from './formats.ts';
import { deviceText } from './onevm/device-text.ts';
import { IP, NETWORK } from './onevm/nic-commands.ts';
import { instantiate } from './onevrouter/instantiate.ts';
import { vrouter } from './onevrouter/vrouter.ts';
import { vrouterPage, vrouterTable } from './onevrouter/vrouter-page.ts';
import { flag } from './option.ts';
import { TEMPLATE_FILE } from './options/template-file.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument } from './resource.ts';
import type { Run } from './run.ts';
import { once } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';
import { lockCommands, ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const { kind } = vrouter;

const ALL = flag({ name: 'all', long: '--all', help: 'Show the whole template' });

const FLOAT = flag({ name: 'float', long: '--float', help: 'Make the address one that floats between the VMs' });

const create = command({
  name: 'create',
  help: 'Creates a virtual router from a template, in a file or piped in.',
  args: [optional(FILE)],
  run: async (run, file) => {
    const template = file ?? (await run.io.readStdin('only-source'));
    run.print(`ID: ${await run.client.vrouter.allocate(template)}`);
  },
});

const nicAttach = command({
  name: 'nic-attach',
  help: 'Attaches a NIC to a virtual router and each of its VMs: to a network, or what a template with one NIC says.',
  args: [required(vrouter.id)],
  options: [TEMPLATE_FILE, NETWORK, IP, FLOAT],
  run: async (run, id) => {
    const nic = await deviceText(run, () => nicText(run));
    return once(run, id, { kind, done: 'Attach NIC' }, () => run.client.vrouter.attachnic(id, nic));
  },
});

function nicText(run: Run): string {
  if (!run.has(NETWORK)) {
    throw new Refusal('Provide a template or a network:\n\t--file    <file>\n\t--network <network>');
  }
  const address = run.has(IP) ? `, IP = ${run.get(IP)}` : '';
  const floating = run.has(FLOAT) ? ', FLOATING_IP ="yes"' : '';
  return `NIC = [ NETWORK_ID = ${run.get(NETWORK)}${address}${floating} ]`;
}

const nicDetach = command({
  name: 'nic-detach',
  help: 'Detaches a NIC from a virtual router and each of its VMs.',
  args: [required(vrouter.id), required(intFormat('nicid', 'NIC id'))],
  run: (run, id, nicId) => once(run, id, { kind, done: 'Detach NIC' }, () => run.client.vrouter.detachnic(id, nicId)),
});

export const onevrouter: Tool = {
  name: 'onevrouter',
  commands: [
    create,
    instantiate,
    plainVerb(vrouter, { name: 'delete', help: 'Deletes virtual routers.', done: 'deleted' }, ({ client }, id) =>
      client.vrouter.delete(id),
    ),
    nicAttach,
    nicDetach,
    ...ownerCommands(vrouter),
    ...lockCommands(vrouter, 'VRouter'),
    renameCommand(vrouter),
    updateCommand(vrouter),
    ...listCommands({
      title: vrouter.title,
      table: vrouterTable,
      fetch: (run, filterFlag) => fetchDocument(run, 'one.vrouterpool.info', filterFlag, -1, -1),
      hasFilterFlag: true,
      hasTop: true,
    }),
    showCommand({
      resource: vrouter,
      options: [ALL],
      page: (document, run) => vrouterPage(document, { wholeTemplate: run.has(ALL) }),
    }),
  ],
};
