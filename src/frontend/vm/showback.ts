/**
 * What a VM cost, month by month: hours on hosts times CPU, memory and disks times their price in an hour
 * (VirtualMachinePool::calculate_showback, 7.4). Months are those of local time.
 */
import type { Vector } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import { printNumber } from '../objects/quotas.ts';
import type { Vm } from '../objects/vm.ts';
import { useOf } from './history-use.ts';

/** Prices in an hour: of a processor, of a MB of memory, of a MB of disk. */
export interface Prices {
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
}

export interface MonthCost {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
  readonly hours: number;
  /** Of these, with the guest running. */
  readonly runningHours: number;
}

export interface ShowbackWindow {
  /** Epoch seconds of the first month's beginning. */
  readonly from: number;
  /** Epoch seconds: the end of the last month, or now. */
  readonly to: number;
}

interface Month {
  readonly year: number;
  readonly month: number;
  readonly from: number;
  readonly to: number;
}

/** The VM's own prices go before the configuration's. */
export function pricesOf({ template }: Vm, defaults: Vector): Prices {
  const price = (name: string) => Number(template.get(name) ?? defaults[name] ?? 0) || 0;
  return { cpu: price('CPU_COST'), memory: price('MEMORY_COST'), disk: price('DISK_COST') };
}

/** @param onlyRunning  CPU and memory cost only while the guest runs (SHOWBACK_ONLY_RUNNING) */
export function monthlyCosts(vm: Vm, window: ShowbackWindow, prices: Prices, onlyRunning: boolean): MonthCost[] {
  return monthsOf(window).flatMap((month) => {
    const stays = vm.history.map((record) => ({
      use: useOf(vm, record),
      hours: hoursIn(month, record.startedAt, record.endedAt),
      runningHours: hoursIn(month, record.runStartedAt, record.runEndedAt),
    }));
    const sum = (amount: (stay: (typeof stays)[number]) => number) =>
      stays.reduce((total, stay) => total + amount(stay), 0);
    const hours = sum((stay) => stay.hours);
    if (hours === 0) return [];
    const charged = (stay: (typeof stays)[number]) => (onlyRunning ? stay.runningHours : stay.hours);
    return [
      {
        year: month.year,
        month: month.month,
        cpu: sum((stay) => prices.cpu * Number(stay.use.cpu) * charged(stay)),
        memory: sum((stay) => prices.memory * Number(stay.use.memory) * charged(stay)),
        disk: sum((stay) => prices.disk * stay.use.diskMb * stay.hours),
        hours,
        runningHours: sum((stay) => stay.runningHours),
      },
    ];
  });
}

export function showbackXml(vm: Vm, cost: MonthCost): string {
  return group(
    'SHOWBACK',
    text('VMID', vm.id),
    text('VMNAME', vm.name),
    text('UID', vm.uid),
    text('GID', vm.gid),
    text('UNAME', vm.uname),
    text('GNAME', vm.gname),
    text('YEAR', cost.year),
    text('MONTH', cost.month),
    text('CPU_COST', printNumber(cost.cpu)),
    text('MEMORY_COST', printNumber(cost.memory)),
    text('DISK_COST', printNumber(cost.disk)),
    text('TOTAL_COST', printNumber(cost.cpu + cost.memory + cost.disk)),
    text('HOURS', printNumber(cost.hours)),
    text('RHOURS', printNumber(cost.runningHours)),
  );
}

function monthsOf({ from, to }: ShowbackWindow): Month[] {
  const months: Month[] = [];
  const first = new Date(from * 1000);
  for (let i = 0; ; i++) {
    const begins = new Date(first.getFullYear(), first.getMonth() + i, 1);
    const ends = new Date(first.getFullYear(), first.getMonth() + i + 1, 1);
    const start = begins.getTime() / 1000;
    if (start >= to) return months;
    const month = begins.getMonth() + 1;
    months.push({ year: begins.getFullYear(), month, from: start, to: Math.min(ends.getTime() / 1000, to) });
  }
}

/** @param end 0: it goes on */
function hoursIn(month: Month, start: number, end: number): number {
  if (start === 0) return 0;
  const seconds = Math.min(month.to, end || month.to) - Math.max(month.from, start);
  return Math.max(0, seconds) / 3600;
}
