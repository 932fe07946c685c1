/** Cores, memory and huge pages of a host by NUMA node; the last monitoring gives what is free. */
import type { Node } from '../../document.ts';
import { heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { sizeText } from '../output/units.ts';

interface NumaNode {
  readonly id: string | undefined;
  readonly cores: CoreUsage;
  readonly share: Node;
  readonly monitored: Node | undefined;
}

export function numaLines(host: Node): Line[] {
  const monitoring = host.all('MONITORING/NUMA_NODE');
  const nodes = host.all('HOST_SHARE/NUMA_NODES/NODE').map((share): NumaNode => {
    const id = share.get('NODE_ID');
    return {
      id,
      share,
      cores: coreUsage(share.all('CORE')),
      monitored: monitoring.find((n) => n.get('NODE_ID') === id),
    };
  });
  if (nodes.length === 0) return [];
  const withMemory = nodes.filter(({ share }) => share.isFilled('MEMORY'));
  const pages = nodes.flatMap((node) => node.share.all('HUGEPAGE').map((page) => ({ node, page })));
  return [
    ...section('NUMA NODES', CORE_TABLE, nodes),
    ...(withMemory.length > 0 ? section('NUMA MEMORY', MEMORY_TABLE, withMemory) : []),
    ...(pages.length > 0 ? section('NUMA HUGEPAGES', PAGE_TABLE, pages) : []),
  ];
}

function section<Row>(title: string, table: Table<Row>, rows: readonly Row[]): Line[] {
  return ['', heading(title, { width: 0 }), '', ...tableLines(table, rows)];
}

interface CoreUsage {
  /** A letter per CPU: `-` free, `x` used, `X` used by a VM that has its core alone, `I` isolated. */
  readonly picture: string;
  readonly free: number;
  readonly used: number;
}

/** CPUS is a list such as `0:-1,8:7`: the CPU and the VM that has it, -1 none, -2 isolated. */
function coreUsage(cores: readonly Node[]): CoreUsage {
  const groups = cores.flatMap((core) => {
    const cpus = core.get('CPUS');
    return cpus === undefined ? [] : [[...ownersByCpu(cpus)].map(([, owner]) => cpuLetter(owner, core)).join('')];
  });
  const all = groups.join('');
  const free = all.split('-').length - 1;
  return { picture: groups.map((group) => `${group} `).join(''), free, used: all.length - free };
}

function ownersByCpu(cpus: string): Map<string, string> {
  const owners = new Map<string, string>();
  for (const entry of cpus.split(',')) {
    const [cpu = '', owner = ''] = entry.split(':');
    if (!owners.has(cpu)) owners.set(cpu, owner);
  }
  return owners;
}

function cpuLetter(owner: string, core: Node): string {
  if (owner === '-1') return '-';
  if (owner === '-2') return 'I';
  return core.get('FREE') === '0' ? 'X' : 'x';
}

const CORE_TABLE: Table<NumaNode> = {
  columns: [
    { title: 'ID', width: 4, cell: ({ id }) => id },
    { title: 'CORES', width: 5, left: true, adjust: true, cell: ({ cores }) => cores.picture },
    { title: 'USED', width: 4, left: true, cell: ({ cores }) => cores.used },
    { title: 'FREE', width: 4, left: true, cell: ({ cores }) => cores.free },
  ],
};

function sizeOrDash(node: Node | undefined, path: string): string {
  return node?.get(path) === undefined ? '-' : sizeText(node.int(path));
}

const MEMORY_TABLE: Table<NumaNode> = {
  columns: [
    { title: 'NODE_ID', width: 8, cell: ({ id }) => id },
    { title: 'TOTAL', width: 8, left: true, cell: ({ share }) => sizeText(share.int('MEMORY/TOTAL')) },
    { title: 'USED_REAL', width: 20, left: true, cell: ({ monitored }) => sizeOrDash(monitored, 'MEMORY/USED') },
    { title: 'USED_ALLOCATED', width: 20, left: true, cell: ({ share }) => sizeText(share.int('MEMORY/USAGE')) },
    { title: 'FREE', width: 8, left: true, cell: ({ monitored }) => sizeOrDash(monitored, 'MEMORY/FREE') },
  ],
};

const PAGE_TABLE: Table<{ readonly node: NumaNode; readonly page: Node }> = {
  columns: [
    { title: 'NODE_ID', width: 8, cell: ({ node }) => node.id },
    { title: 'SIZE', width: 8, left: true, cell: ({ page }) => sizeText(Math.trunc(page.int('SIZE') / 1024), 'M') },
    { title: 'TOTAL', width: 8, left: true, cell: ({ page }) => page.get('PAGES') },
    {
      title: 'FREE',
      width: 8,
      left: true,
      cell: ({ node, page }) => {
        const monitored = node.monitored?.all('HUGEPAGE').find((other) => other.get('SIZE') === page.get('SIZE'));
        return monitored?.get('FREE') ?? page.get('FREE') ?? '-';
      },
    },
    { title: 'USED', width: 8, left: true, cell: ({ page }) => page.get('USAGE') },
  ],
};
