/** The dummy monitoring driver: a host that is always there and always the same, with VMs that use something. */
import { setInterval } from 'node:timers/promises';
import { keysOf } from '../../../opennebula/tables.ts';
import type { MonitorReport } from '../../contract/driver-runner.ts';
import type { MonitorDriver } from '../../contract/driver-table.ts';
import { type Random, systemFigures, usageFigures, vmFigures } from './host-figures.ts';

/** How often OpenNebula's agents report (/etc/one/monitord.conf, PROBES_PERIOD, 7.4). */
const PERIOD_SECONDS = { BEACON_HOST: 30, MONITOR_HOST: 120, SYSTEM_HOST: 600, MONITOR_VM: 30 } as const;

function dummyIm(random: Random, secondsOf: Readonly<Record<keyof typeof PERIOD_SECONDS, number>>) {
  return {
    async monitor(host, report, { signal }) {
      const texts = {
        SYSTEM_HOST: () => systemFigures(host),
        MONITOR_HOST: () => usageFigures(random),
        MONITOR_VM: () => vmFigures(host.runningVms?.() ?? [], random),
        BEACON_HOST: () => '-',
      } satisfies Partial<Record<MonitorReport['type'], () => string>>;
      const send = (type: keyof typeof texts) => {
        const text = texts[type]();
        if (text !== '') report({ type, text });
      };
      await Promise.all(
        keysOf(texts).map(async (type) => {
          send(type);
          for await (const _ of every(secondsOf[type], signal)) send(type);
        }),
      );
    },
  } satisfies MonitorDriver;
}

/** Ends when the signal is aborted. */
async function* every(seconds: number, signal: AbortSignal): AsyncGenerator<void> {
  try {
    yield* setInterval(seconds * 1000, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

export const dummy = dummyIm(Math.random, PERIOD_SECONDS);
