/** onevnet: virtual networks and their addresses. */
import { CLUSTER } from './cluster-option.ts';
import { command, optional, required, type Tool } from './command.ts';
import { FILE, RANGE, textFormat } from './formats.ts';
import { rangeCommands } from './onevnet/range-commands.ts';
import { ADDRESS_RANGE, addressAttribute, IP, IP6, MAC, SIZE } from './onevnet/range-flags.ts';
import { vnet } from './onevnet/vnet.ts';
import { vnetPage, vnetTable } from './onevnet/vnet-page.ts';
import { flag, text } from './option.ts';
import { DECRYPT } from './options/format.ts';
import { orphans } from './orphans.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument } from './resource.ts';
import { forEach, once } from './verbs/each.ts';
import { listCommands, membersOf } from './verbs/list.ts';
import { lockCommands, ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const { kind } = vnet;

const SHOW_AR = flag({ name: 'show_ar', long: '--show-ar', help: 'Show the templates of the address ranges too' });

const NAME = text({
  name: 'name',
  short: '-n',
  long: '--name',
  argument: 'reservation name',
  help: 'Name of the network that holds the reservation',
});

const SUCCESS = flag({ name: 'success', long: '--success', help: 'The pending action was successful' });

const FAILURE_FLAG = flag({ name: 'failure', long: '--failure', help: 'The pending action failed' });

const DELETE = flag({ name: 'delete', long: '--delete', help: 'Delete the network' });

const RETRY = flag({ name: 'retry', long: '--retry', help: 'Try the last action that failed again' });

const create = command({
  name: 'create',
  help: 'Creates a virtual network from a template, in a file or piped in.',
  args: [optional(FILE)],
  options: [CLUSTER],
  run: async (run, file) => {
    const template = file ?? (await run.io.readStdin('only-source'));
    run.print(`ID: ${await run.client.vn.allocate(template, run.get(CLUSTER))}`);
  },
});

function leaseCommand(name: 'hold' | 'release', help: string, done: string) {
  return command({
    name,
    help,
    args: [required(vnet.id), required(textFormat('ip'))],
    options: [ADDRESS_RANGE],
    run: (run, id, address) =>
      once(run, id, { kind, done }, () => {
        const range = run.has(ADDRESS_RANGE) ? `, AR_ID = ${run.get(ADDRESS_RANGE)}` : '';
        return run.client.vn[name](id, `LEASES = [ ${addressAttribute(address)} = ${address}${range}]`);
      }),
  });
}

const reserve = command({
  name: 'reserve',
  help: 'Takes addresses from a network into a new one, or into one that holds a reservation of it already.',
  args: [required(vnet.id), optional(vnet.id)],
  options: [ADDRESS_RANGE, NAME, SIZE, MAC, IP, IP6],
  run: (run, id, intoId) =>
    once(run, id, { kind, done: 'reservation made' }, async () => {
      const size = run.get(SIZE);
      const name = run.get(NAME);
      const address = run.get(IP6) ?? run.get(IP) ?? run.get(MAC);
      if (size === undefined) throw new Refusal('Specify a size (-s size) for the reservation');
      if (name === undefined && intoId === undefined) throw new Refusal('Specify a name (-n name) for the reservation');
      const wishes = [
        `SIZE = ${size}`,
        name === undefined ? [] : `NAME = "${name}"`,
        run.has(ADDRESS_RANGE) ? `AR_ID = ${run.get(ADDRESS_RANGE)}` : [],
        intoId === undefined ? [] : `NETWORK_ID = ${intoId}`,
        address === undefined ? [] : `${addressAttribute(address)} = ${address}`,
      ];
      run.print(`Reservation VNET ID: ${await run.client.vn.reserve(id, `${wishes.flat().join('\n')}\n`)}`);
    }),
});

const recover = command({
  name: 'recover',
  help: 'Gets a network out of an error, or out of an action that does not end.',
  args: [required(RANGE, vnet.idList)],
  options: [SUCCESS, FAILURE_FLAG, DELETE, RETRY],
  run: (run, ids) => {
    const operation = [FAILURE_FLAG, SUCCESS, DELETE, RETRY].findIndex((option) => run.has(option));
    if (operation < 0) {
      throw new Refusal(
        [
          'Need to specify the result of the pending action.',
          '\t--success recover the VN by succeeding the missing action.',
          '\t--failure recover the VN by failing the missing action.',
          '\t--delete no recover possible, delete the VN.',
        ].join('\n'),
      );
    }
    return forEach(run, ids, { kind, done: 'recovering' }, (id) => run.client.vn.recover(id, operation));
  },
});

const listOrphans = command({
  name: 'orphans',
  help: 'Lists the networks that no VM template uses.',
  run: async (run) => {
    const networks = membersOf(await fetchDocument(run, 'one.vnpool.info', -2, -1, -1));
    const templates = await fetchDocument(run, 'one.templatepool.info', -2, -1, -1);
    for (const id of orphans(networks, templates, 'NIC', 'NETWORK')) run.print(id);
  },
});

export const onevnet: Tool = {
  name: 'onevnet',
  commands: [
    create,
    plainVerb(vnet, { name: 'delete', help: 'Deletes virtual networks.', done: 'deleting' }, ({ client }, id) =>
      client.vn.delete(id),
    ),
    ...rangeCommands,
    leaseCommand('hold', 'Marks an address as used, so that no VM gets it.', 'lease on hold'),
    leaseCommand('release', 'Frees an address on hold.', 'lease released'),
    reserve,
    recover,
    listOrphans,
    ...ownerCommands(vnet),
    ...lockCommands(vnet, 'VNet'),
    renameCommand(vnet),
    updateCommand(vnet),
    ...listCommands({
      title: vnet.title,
      table: vnetTable,
      fetch: (run, filterFlag) => fetchDocument(run, 'one.vnpool.info', filterFlag, -1, -1),
      hasFilterFlag: true,
    }),
    showCommand({
      resource: vnet,
      options: [DECRYPT, SHOW_AR],
      page: (document, run) => vnetPage(document, { withRanges: run.has(SHOW_AR) }),
    }),
  ],
};
