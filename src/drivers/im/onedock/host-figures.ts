/** What the kernel of a host says about the machine, read from its files. Pure. Memory is in KB, as there. */

export interface HostFigures {
  readonly cpuModel: string;
  readonly cpuMhz: number;
  readonly memoryTotalKb: number;
  readonly memoryAvailableKb: number;
  /** Clock ticks since the machine was started, of all its processors. */
  readonly ticks: { readonly busy: number; readonly all: number };
  /** Bytes since the machine was started, by network device. */
  readonly devices: ReadonlyMap<string, Traffic>;
}

export interface Traffic {
  readonly received: number;
  readonly sent: number;
}

export const HOST_FILES = ['/proc/stat', '/proc/meminfo', '/proc/cpuinfo', '/proc/net/dev'] as const;

/** @param output  of `tail --verbose --lines=+1` on those files */
export function readHostFigures(output: string): HostFigures {
  const parts = output.split(/^==> (\S+) <==\n/m).slice(1);
  const files = new Map(parts.flatMap((name, i) => (i % 2 === 0 ? [[name, parts[i + 1] ?? '']] : [])));
  const memory = readPairs(files.get('/proc/meminfo') ?? '');
  const processor = readPairs(files.get('/proc/cpuinfo') ?? '');
  return {
    cpuModel: processor.get('model name') ?? '',
    cpuMhz: Math.round(Number.parseFloat(processor.get('cpu MHz') ?? '0')),
    memoryTotalKb: Number.parseInt(memory.get('MemTotal') ?? '0', 10),
    memoryAvailableKb: Number.parseInt(memory.get('MemAvailable') ?? '0', 10),
    ticks: readTicks(files.get('/proc/stat') ?? ''),
    devices: readDevices(files.get('/proc/net/dev') ?? ''),
  };
}

/**
 * Percent of one processor that were busy between two looks, 100 for each processor in full use; since the start of the
 * machine when there was no look before.
 */
export function usedCpu(now: HostFigures, before: HostFigures | undefined, totalCpu: number): number {
  const all = now.ticks.all - (before?.ticks.all ?? 0);
  const busy = now.ticks.busy - (before?.ticks.busy ?? 0);
  return all <= 0 ? 0 : Math.round((busy / all) * totalCpu);
}

/** Traffic of the machine's own cards: bridges and virtual cables would count it again (src/im_mad, stock probes, 7.4). */
export function ownTraffic(devices: ReadonlyMap<string, Traffic>): Traffic {
  const own = [...devices].filter(([name]) => OWN_DEVICE.test(name)).map(([, traffic]) => traffic);
  return {
    received: own.reduce((sum, { received }) => sum + received, 0),
    sent: own.reduce((sum, { sent }) => sum + sent, 0),
  };
}

/** Traffic of VMs, by number: what their cables' ends on the host have sent, they have received. */
export function trafficOfVms(devices: ReadonlyMap<string, Traffic>): Map<number, Traffic> {
  const traffic = new Map<number, Traffic>();
  for (const [name, { received, sent }] of devices) {
    const [, vmId] = CABLE.exec(name) ?? [];
    if (vmId === undefined) continue;
    const known = traffic.get(Number(vmId)) ?? NO_TRAFFIC;
    traffic.set(Number(vmId), { received: known.received + sent, sent: known.sent + received });
  }
  return traffic;
}

export const NO_TRAFFIC: Traffic = { received: 0, sent: 0 };

const CABLE = /^one-(\d+)-/;
const OWN_DEVICE = /^(eth|en|em|bond|ib|wl|p\d+p\d+)/;

/** `name : value` of each line; of a name that is repeated, as for each processor, the first. */
function readPairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([^:]+?)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && !pairs.has(name)) pairs.set(name, value ?? '');
  }
  return pairs;
}

/** The line `cpu`: user, nice, system, idle, iowait, irq, softirq, steal, and guests, which count as user too. */
function readTicks(text: string): HostFigures['ticks'] {
  const [, line = ''] = /^cpu +(.*)$/m.exec(text) ?? [];
  const counts = line.split(' ').slice(0, 8).map(Number);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return { all, busy: all - (counts[3] ?? 0) - (counts[4] ?? 0) };
}

/** Columns 1 and 9 of each device. */
function readDevices(text: string): Map<string, Traffic> {
  const lines = [...text.matchAll(/^\s*([^\s:]+):\s*(.*)$/gm)];
  return new Map(
    lines.map(([, name = '', columns = '']) => {
      const counts = columns.split(/\s+/).map(Number);
      return [name, { received: counts[0] ?? 0, sent: counts[8] ?? 0 }];
    }),
  );
}
