/** Quotas of users and groups: the columns of their tables, and the sections of their pages (onequota_helper.rb, 7.4). */
import type { Node } from '../document.ts';
import { heading, type Line, tableLines } from './output/page.ts';
import type { Column, Table } from './output/table.ts';
import { sizeText } from './output/units.ts';

const DEFAULT = '-1';
const UNLIMITED = '-2';

/** Usage of VMs by name of the quota; an object without usage is shown with zeros, except oneadmin. */
interface VmQuota {
  readonly get: (name: string) => string | undefined;
}

const NO_USAGE: VmQuota = {
  get: (name) => (name.endsWith('_USED') ? '0' : name === 'CLUSTER_IDS' ? undefined : DEFAULT),
};

/** A limit, where -1 means the default one; undefined when there is none. */
function limitOf(quota: VmQuota, name: string, defaults: Node | undefined): string | undefined {
  const own = quota.get(name) ?? UNLIMITED;
  const limit = own === DEFAULT ? defaults?.get(`VM_QUOTA/VM/${name}`) || UNLIMITED : own;
  return limit === UNLIMITED ? undefined : limit;
}

type Print = (value: string) => string;

const count: Print = (value) => value;
const memory: Print = (value) => sizeText(Number.parseInt(value, 10) || 0, 'M');
const decimals =
  (digits: number): Print =>
  (value) =>
    Number(value).toFixed(digits);

interface UsageStyle {
  /** Least widths of usage and limit, and of the dash for no limit. */
  readonly width: number;
  readonly dashWidth?: number;
  readonly print?: Print;
  readonly printLimit?: Print;
}

/** `  2 /   5`, or `  2 /   -` without a limit. */
function usageText(quota: VmQuota, name: string, defaults: Node | undefined, style: UsageStyle): string {
  const { width, dashWidth = width, print = count, printLimit = print } = style;
  const limit = limitOf(quota, name, defaults);
  const used = print(quota.get(`${name}_USED`) ?? '0').padStart(width);
  return `${used} / ${limit === undefined ? '-'.padStart(dashWidth) : printLimit(limit).padStart(width)}`;
}

/**
 * The columns VMS, MEMORY, CPU and PCI of the table of users or groups.
 * @param defaultsName  DEFAULT_USER_QUOTAS or DEFAULT_GROUP_QUOTAS
 */
export function quotaColumns(
  pool: Node,
  defaultsName: string,
  { cpuWidth, cpuDash }: { cpuWidth: number; cpuDash: number },
): Column<Node>[] {
  const defaults = pool.first(defaultsName);
  const quotas = new Map(pool.all('QUOTAS').map((quota) => [quota.get('ID'), quota]));
  const column = (title: string, help: string, width: number, name: string, style: UsageStyle): Column<Node> => ({
    title,
    help,
    width,
    cell: (object) => {
      const [quota] = vmQuotas(quotas.get(object.get('ID')), object.get('ID'));
      return quota ? usageText(quota, name, defaults, style) : '-';
    },
  });
  return [
    column('VMS', 'Number of VMS', 9, 'VMS', { width: 3 }),
    column('MEMORY', 'Total memory allocated to user VMs', 15, 'MEMORY', { width: 6, print: memory }),
    column('CPU', 'Total CPU allocated to user VMs', cpuWidth, 'CPU', {
      width: 3,
      dashWidth: cpuDash,
      print: decimals(1),
    }),
    column('PCI', 'Total PCIs allocated to user VMs', 9, 'PCI_DEV', { width: 3 }),
  ];
}

/** Of several quotas that for all clusters comes first. oneadmin has none. */
function vmQuotas(holder: Node | undefined, ownerId: string | undefined): VmQuota[] {
  const quotas = holder?.all('VM_QUOTA/VM') ?? [];
  const isGlobal = (quota: Node) => !quota.get('CLUSTER_IDS');
  if (quotas.length > 0) return [...quotas.filter(isGlobal), ...quotas.filter((quota) => !isGlobal(quota))];
  return ownerId === '0' ? [] : [NO_USAGE];
}

/** The sections on quotas of the page of a user or a group, each with a blank line in front. */
export function quotaLines(owner: Node, defaultsName: string): Line[] {
  const defaults = owner.first(defaultsName);
  const quotas = vmQuotas(owner, owner.get('ID'));
  const vmSection = (table: Table<VmQuota>): Line[] => (quotas.length > 0 ? [...tableLines(table, quotas), ''] : []);
  return [
    '',
    heading('VMS USAGE & QUOTAS'),
    '',
    ...vmSection(vmTable(defaults)),
    heading('VMS USAGE & QUOTAS - RUNNING'),
    '',
    ...vmSection(runningTable(defaults)),
    heading('DATASTORE USAGE & QUOTAS'),
    '',
    ...objectSection(owner, defaults, 'DATASTORE', [
      { title: 'IMAGES', name: 'IMAGES', width: 20, print: count },
      { title: 'SIZE', name: 'SIZE', width: 19, print: memory },
    ]),
    heading('NETWORK USAGE & QUOTAS'),
    '',
    ...objectSection(owner, defaults, 'NETWORK', [{ title: 'LEASES', name: 'LEASES', width: 20, print: count }]),
    heading('IMAGE USAGE & QUOTAS'),
    '',
    ...objectSection(owner, defaults, 'IMAGE', [{ title: 'RUNNING VMS', name: 'RVMS', width: 20, print: count }]).slice(
      0,
      -1,
    ),
  ];
}

const clusters: Column<VmQuota> = { title: 'CLUSTERS', width: 8, cell: (quota) => quota.get('CLUSTER_IDS') };

function usageColumns(defaults: Node | undefined) {
  return (title: string, width: number, name: string, style: UsageStyle): Column<VmQuota> => ({
    title,
    width,
    cell: (quota) => usageText(quota, name, defaults, style),
  });
}

function vmTable(defaults: Node | undefined): Table<VmQuota> {
  const column = usageColumns(defaults);
  return {
    columns: [
      clusters,
      column('VMS', 9, 'VMS', { width: 3 }),
      column('MEMORY', 15, 'MEMORY', { width: 6, print: memory }),
      column('CPU', 15, 'CPU', { width: 6, print: decimals(1), printLimit: decimals(2) }),
      column('PCI DEV', 9, 'PCI_DEV', { width: 3 }),
      column('PCI NIC', 9, 'PCI_NIC', { width: 3 }),
      column('DISK SIZE', 15, 'SYSTEM_DISK_SIZE', { width: 6, print: memory }),
    ],
  };
}

function runningTable(defaults: Node | undefined): Table<VmQuota> {
  const column = usageColumns(defaults);
  return {
    columns: [
      clusters,
      column('RUN VMS', 9, 'RUNNING_VMS', { width: 3 }),
      column('RUN MEMORY', 15, 'RUNNING_MEMORY', { width: 6, print: memory }),
      column('RUN CPU', 15, 'RUNNING_CPU', { width: 6, print: decimals(1) }),
      column('RUN PCI', 12, 'RUNNING_PCI_DEV', { width: 3 }),
      column('RUN PCI NIC', 12, 'RUNNING_PCI_NIC', { width: 3 }),
    ],
  };
}

interface ObjectQuota {
  readonly title: string;
  readonly name: string;
  readonly width: number;
  readonly print: Print;
}

/** Quotas per datastore, network or image: a table and a blank line, or nothing. */
function objectSection(
  owner: Node,
  defaults: Node | undefined,
  kind: 'DATASTORE' | 'NETWORK' | 'IMAGE',
  columns: readonly ObjectQuota[],
): Line[] {
  const path = `${kind}_QUOTA/${kind}`;
  const quotas = owner.all(path);
  if (quotas.length === 0) return [];
  const defaultLimit = (id: string | undefined, name: string) =>
    defaults
      ?.all(path)
      .find((quota) => quota.get('ID') === id)
      ?.get(name);
  const table: Table<Node> = {
    columns: [
      { title: 'ID', width: 12, cell: (quota) => quota.get('ID') },
      ...columns.map(
        ({ title, name, width, print }): Column<Node> => ({
          title,
          width,
          cell: (quota) => {
            const own = quota.get(name);
            const limit = own === DEFAULT ? defaultLimit(quota.get('ID'), name) : own;
            const isLimited = limit !== undefined && limit !== '' && limit !== UNLIMITED;
            return `${print(quota.get(`${name}_USED`) ?? '0').padStart(8)} / ${(isLimited ? print(limit) : '-').padStart(8)}`;
          },
        }),
      ),
    ],
  };
  return [...tableLines(table, quotas), ''];
}
