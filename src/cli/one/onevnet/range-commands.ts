/** Verbs on the address ranges of networks. */
import { type Command, command, optional, required } from '../command.ts';
import { FILE, intFormat } from '../formats.ts';
import { FORCE } from '../options/force.ts';
import { templateDump } from '../output/template-dump.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import { APPEND, updatedText } from '../text-source.ts';
import { once } from '../verbs/each.ts';
import { addressRange, RANGE_FLAGS } from './range-flags.ts';
import { vnet } from './vnet.ts';

const { kind } = vnet;

const AR_ID = intFormat('ar_id', 'Address Range id');

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

export const rangeCommands: readonly Command[] = [addRange, removeRange, updateRange, freeRange];
