/** `one.vmpool.*` (src/rm/api/VirtualMachinePoolAPI.cc, 7.4). */
import { VM_STATE } from '../../opennebula/vm-states.ts';
import { type EscapedText, escapeString } from '../../opennebula/xmlrpc.ts';
import { memoize } from '../objects/memoize.ts';
import { statesOf } from '../objects/phase.ts';
import type { Vm } from '../objects/vm.ts';
import { vmExtendedXml, vmShortXml } from '../objects/vm-document.ts';
import { poolText } from '../resources/pool-text.ts';
import { internal, wrongParameter } from './api-error.ts';
import type { Call } from './call.ts';
import { FILTER, listOwned } from './listing.ts';
import { boolean, defineMethod, int, type Method, optional, string } from './method.ts';
import { monitoringData } from './monitoring-data.ts';
import { accountingMethods } from './vm-accounting.ts';

const PARAMS = { filter: int, start: int, end: int, state: int, query: optional(string, '') };

export const vmPoolMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vmpool.info',
    params: PARAMS,
    help: 'Lists virtual machines in short: those in a state, -1 all but DONE, -2 all. The query is for other databases.',
    run: (call, args) => poolDocument(listed(call, args), shortEscaped),
  }),
  defineMethod({
    name: 'one.vmpool.infoextended',
    params: PARAMS,
    help: 'Lists virtual machines whole, with the last record of their history.',
    run: (call, args) => poolDocument(listed(call, args), extendedEscaped),
  }),
  defineMethod({
    name: 'one.vmpool.infoset',
    params: { ids: string, extended: boolean },
    help: 'Lists virtual machines by their ids, with commas between them.',
    run(call, { ids, extended }) {
      // As C++ reads numbers: whatever stands behind the digits does not count.
      const numbers = ids.split(',').map((id) => Number.parseInt(id, 10));
      const wanted = new Set(numbers.filter((id) => id >= 0));
      const all = { filter: FILTER.ALL, start: -1, end: -1 };
      const vms = wanted.size === 0 ? [] : listOwned(call, 'vm', all, ({ id }) => wanted.has(id));
      return poolDocument(vms, extended ? extendedEscaped : shortEscaped);
    },
  }),
  defineMethod({
    name: 'one.vmpool.monitoring',
    params: { filter: int, seconds: optional(int, -1) },
    help: 'Samples of virtual machines: of the last seconds, the last ones (0), or all (-1).',
    run(call, { filter, seconds }) {
      const vms = listOwned(call, 'vm', { filter, start: -1, end: -1 }, ({ phase }) => phase !== 'DONE');
      return monitoringData(
        call,
        'vm',
        vms.map(({ id }) => id).sort((a, b) => a - b),
        seconds,
      );
    },
  }),
  ...accountingMethods,
];

const ANY = -2;
const NOT_DONE = -1;
const LAST_STATE = VM_STATE.CLONING_FAILURE;

interface ListArguments {
  readonly filter: number;
  readonly start: number;
  readonly end: number;
  readonly state: number;
  readonly query: string;
}

function listed(call: Call, { state, query, ...range }: ListArguments): Vm[] {
  if (query !== '') throw internal('JSON query search is not supported by the SQL backend');
  if (state < ANY || state > LAST_STATE) throw wrongParameter(`Incorrect state filter ${state}`);
  return listOwned(call, 'vm', range, inState(call, state));
}

function inState({ cloud }: Call, state: number): ((vm: Vm) => boolean) | undefined {
  if (state === ANY) return undefined;
  if (state === NOT_DONE)
    return cloud.pools.vm.ids('phase', 'DONE').size > 0 ? ({ phase }) => phase !== 'DONE' : undefined;
  return ({ phase }) => VM_STATE[statesOf(phase).state] === state;
}

/** Escaped for the answer once, however often it is asked for. */
const shortEscaped = memoize((vm: Vm) => escapeString(vmShortXml(vm)));
/** Too large to be kept for every VM. */
const extendedEscaped = (vm: Vm) => escapeString(vmExtendedXml(vm));

function poolDocument(vms: readonly Vm[], entryOf: (vm: Vm) => string): EscapedText {
  return poolText('VM_POOL', vms, entryOf);
}
