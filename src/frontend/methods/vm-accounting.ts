/** Accounting and showback (src/vm/VirtualMachinePool.cc, 7.4). */
import { group } from '../../opennebula/xml.ts';
import { escapeString } from '../../opennebula/xmlrpc.ts';
import { ONEADMIN_GROUP_ID } from '../objects/group.ts';
import { historyXml } from '../objects/history-document.ts';
import type { HistoryRecord, Vm } from '../objects/vm.ts';
import { vmThenXml } from '../objects/vm-document.ts';
import type { VmThen } from '../objects/vm-then.ts';
import { poolText } from '../resources/pool-text.ts';
import { edited } from '../vm/edit-template.ts';
import { useOf } from '../vm/history-use.ts';
import { type MonthCost, monthlyCosts, pricesOf, showbackXml } from '../vm/showback.ts';
import { notAuthorized } from './api-error.ts';
import type { Call } from './call.ts';
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
      const stays = vms.filter(({ history }) => history.some(isWithin));
      return poolText('HISTORY_RECORDS', stays, (vm) => escapeString(staysXml(call, vm, vm.history.filter(isWithin))));
    },
  }),
  defineMethod({
    name: 'one.vmpool.showback',
    params: { filter: int, startMonth: int, startYear: int, endMonth: int, endYear: int },
    help: 'What virtual machines cost by the month, as it was last calculated.',
    run(call, { filter, startMonth, startYear, endMonth, endYear }) {
      const vms = new Map(listOwned(call, 'vm', { filter, start: -1, end: -1 }).map((vm) => [vm.id, vm]));
      const [first, last] = [monthNumber(startYear, startMonth), monthNumber(endYear, endMonth)];
      const rows = calculatedCosts(call)
        .filter(({ year, month }) => first === undefined || year * 12 + month >= first)
        .filter(({ year, month }) => last === undefined || year * 12 + month <= last)
        .sort((a, b) => a.year - b.year || a.month - b.month || a.vmId - b.vmId);
      const records = rows.flatMap((cost) => {
        const vm = vms.get(cost.vmId);
        return vm ? [showbackXml(vm, cost)] : [];
      });
      return group('SHOWBACK_RECORDS', ...records);
    },
  }),
  defineMethod({
    name: 'one.vmpool.calculateshowback',
    params: { startMonth: int, startYear: int, endMonth: int, endYear: int },
    help: 'Calculates what virtual machines cost from one month to another; -1: from the first one, to this one.',
    run(call, { startMonth, startYear, endMonth, endYear }) {
      if (call.gid !== ONEADMIN_GROUP_ID) throw notAuthorized('Action reserved for group 0 only');
      const { configuration, clock } = call.services;
      const vms = [...call.cloud.pools.vm.all()].filter(({ history }) => history.length > 0);
      const now = clock.now();
      const starts = vms.map(({ history }) => history[0]?.startedAt ?? now);
      const window = {
        from: startMonth === -1 || startYear === -1 ? Math.min(now, ...starts) : beginOf(startYear, startMonth),
        to: endMonth === -1 || endYear === -1 ? now : Math.min(now, beginOf(endYear, endMonth + 1)),
      };
      const defaults = configuration.vector('DEFAULT_COST');
      const onlyRunning = configuration.flag('SHOWBACK_ONLY_RUNNING');
      const costs = vms.flatMap((vm) =>
        monthlyCosts(vm, window, pricesOf(vm, defaults), onlyRunning).map((cost) => ({ vmId: vm.id, ...cost })),
      );
      keepCosts(call, costs);
      // The payload of 7.4 is one blank: clients cannot read an empty one.
      return ' ';
    },
  }),
];

type CalculatedCost = MonthCost & { readonly vmId: number };

const SETTING = 'showback';

function calculatedCosts({ cloud }: Call): CalculatedCost[] {
  return [...(cloud.settings.get<{ costs: readonly CalculatedCost[] }>(SETTING)?.costs ?? [])];
}

/** What was calculated before of other months stays. */
function keepCosts(call: Call, costs: readonly CalculatedCost[]): void {
  const keyOf = ({ vmId, year, month }: CalculatedCost) => `${vmId} ${year} ${month}`;
  const all = new Map([...calculatedCosts(call), ...costs].map((cost) => [keyOf(cost), cost]));
  call.cloud.transaction(() => call.cloud.settings.put(SETTING, { costs: [...all.values()] }));
}

/** Months in a row; undefined for one that is left open. */
function monthNumber(year: number, month: number): number | undefined {
  return year === -1 || month === -1 ? undefined : year * 12 + month;
}

/** Epoch seconds, local time. */
function beginOf(year: number, month: number): number {
  return new Date(year, month - 1, 1).getTime() / 1000;
}

/** A stay from before bodies were kept shows the VM as it is, by the size that it had then. */
function staysXml({ cloud }: Call, vm: Vm, records: readonly HistoryRecord[]): string {
  const bodies = cloud.stays.of(vm.id);
  return records
    .map((record) => historyXml(vm.id, record, 'whole', vmThenXml(bodies.get(record.seq) ?? presentBody(vm, record))))
    .join('');
}

function presentBody(vm: Vm, record: HistoryRecord): VmThen {
  const { cpu, memory } = useOf(vm, record);
  const template = edited(vm.template, (copy) => copy.set('CPU', cpu).set('MEMORY', memory));
  return { vm: record.use ? { ...vm, template } : vm, previousPhase: vm.phase };
}
