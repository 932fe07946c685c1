/** Accounting and showback (src/vm/VirtualMachinePool.cc, 7.4). */
import { group } from '../../opennebula/xml.ts';
import { historyXml } from '../objects/history-document.ts';
import type { HistoryRecord, Vm } from '../objects/vm.ts';
import { vmWithoutHistoryXml } from '../objects/vm-document.ts';
import { internal, notAuthorized } from './api-error.ts';
import { listOwned } from './listing.ts';
import { defineMethod, int, type Method } from './method.ts';

export const accountingMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vmpool.accounting',
    params: { filter: int, from: int, to: int },
    help: 'All stays of virtual machines on hosts between two times, each with the machine itself; -1: open.',
    run(call, { filter, from, to }) {
      const vms = listOwned(call, 'vm', { filter, start: -1, end: -1 }).sort((a, b) => a.id - b.id);
      const isWithin = ({ startedAt, endedAt }: HistoryRecord) =>
        (from === -1 || endedAt === 0 || endedAt > from) && (to === -1 || startedAt < to);
      const records = vms.flatMap((vm) => vm.history.filter(isWithin).map((record) => recordXml(vm, record)));
      return group('HISTORY_RECORDS', ...records);
    },
  }),
  defineMethod({
    name: 'one.vmpool.showback',
    params: { filter: int, startMonth: int, startYear: int, endMonth: int, endYear: int },
    help: 'What virtual machines cost by the month, as far as it was calculated.',
    run(call, { filter }) {
      listOwned(call, 'vm', { filter, start: -1, end: -1 }, () => false);
      return group('SHOWBACK_RECORDS');
    },
  }),
  defineMethod({
    name: 'one.vmpool.calculateshowback',
    params: { startMonth: int, startYear: int, endMonth: int, endYear: int },
    help: 'Would calculate what virtual machines cost; refused.',
    run(call) {
      if (call.gid !== 0) throw notAuthorized('Action reserved for group 0 only');
      throw internal('Showback is not supported.');
    },
  }),
];

function recordXml(vm: Vm, record: HistoryRecord): string {
  return historyXml(vm.id, record, 'whole', vmWithoutHistoryXml(vm));
}
