import { CLUSTER } from './cluster-option.ts';
import { command, optional, required, type Tool } from './command.ts';
import { FILE, intFormat, RANGE, textFormat } from './formats.ts';
import {
  ADDRESS_RANGE,
  addressAttribute,
  addressRange,
  IP,
  IP6,
  MAC,
  RANGE_FLAGS,
  SIZE,
} from './onevnet/range-flags.ts';
import { vnetPage, vnetTable } from './onevnet/vnet-page.ts';
import { flag, text } from './option.ts';
import { FORCE } from './options/force.ts';
import { DECRYPT } from './options/format.ts';
import { orphans } from './orphans.ts';
import { templateDump } from './output/template-dump.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument, resource } from './resource.ts';
import { APPEND, updatedText } from './text-source.ts';
import { forEach, once } from './verbs/each.ts';
import { listCommands, membersOf } from './verbs/list.ts';
import { lockCommands, ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const vnet = resource('VNET', 'vn', 'virtual network', 'vnetid');
const { kind } = vnet;

const AR_ID = intFormat('ar_id', 'Address Range id');

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

const addRange = command({
  name: 'addar',
  help: 'Adds an address range to a network, from a template or from flags.',
  args: [required(vnet.id), optional(FILE)],
  options: RANGE_FLAGS,
  run: (run, id, file) =>
    once(run, id, { kind, done: 'address range added' }, async () => {
      const range = file ?? ((await run.io.readStdin('if-any')) || addressRange(run));
      await run.client.vn.add_ar(id, range);
    }),
});

const removeRange = command({
  name: 'rmar',
  help: 'Removes an address range from a network.',
  args: [required(vnet.id), required(AR_ID)],
  options: [FORCE],
  run: (run, id, rangeId) =>
    once(run, id, { kind, done: 'address range removed' }, () => run.client.vn.rm_ar(id, rangeId, run.has(FORCE))),
});

/** What the daemon adds to a range in a document and takes nothing of. */
const RANGE_FACTS = [
  'LEASES',
  'USED_LEASES',
  'MAC_END',
  'IP_END',
  'IP6_ULA',
  'IP6_ULA_END',
  'IP6_GLOBAL',
  'IP6_GLOBAL_END',
];

const updateRange = command({
  name: 'updatear',
  help: 'Changes an address range. Size, type and first addresses stay as they are.',
  args: [required(vnet.id), required(AR_ID), optional(FILE)],
  options: [APPEND],
  run: (run, id, rangeId, file) =>
    once(run, id, { kind, done: 'AR updated' }, async () => {
      const document = (await fetchDocument(run, 'one.vn.info', id, false)).without('AR_POOL/AR', RANGE_FACTS);
      const range = document.all('AR_POOL/AR').find((candidate) => candidate.int('AR_ID') === rangeId);
      if (!range) throw new Refusal(`Address Range ${rangeId} does not exist for Virtual Network ${id}`);
      const current = templateDump(range);
      const typed = await updatedText(run, file, async () => (run.has(APPEND) ? '' : current));
      const isWhole = /AR\s*=\s*\[/.test(typed);
      // Of a repeated attribute in a vector the first one counts.
      const attributes = [
        `AR_ID="${rangeId}"`,
        ...typed.trim().split('\n'),
        ...(run.has(APPEND) ? current.split('\n') : []),
      ];
      await run.client.vn.update_ar(id, isWhole ? typed : `AR=[\n${attributes.join(',\n')}]`);
    }),
});

const freeRange = command({
  name: 'free',
  help: 'Gives a reserved address range back.',
  args: [required(vnet.id), required(AR_ID)],
  run: (run, id, rangeId) =>
    once(run, id, { kind, done: 'address range freed' }, () => run.client.vn.free_ar(id, rangeId)),
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
    addRange,
    removeRange,
    updateRange,
    freeRange,
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
