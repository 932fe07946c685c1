/**
 * Quotas of a user or a group: what may be used, and what is used (src/um/Quota*.cc, 7.4). A limit of -1 takes the
 * default's, -2 sets none. A line appears with the first use or limit, and goes when it says nothing any more.
 */
import { entriesOf, keysOf } from '../../opennebula/tables.ts';
import { type Template, type Vector, vectorXml } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import { Refusal } from './refusal.ts';

/** What is counted, per family, in the order in which limits are checked. */
const QUOTA_METERS = {
  VM: [
    'VMS',
    'RUNNING_VMS',
    'CPU',
    'RUNNING_CPU',
    'MEMORY',
    'RUNNING_MEMORY',
    'PCI_DEV',
    'RUNNING_PCI_DEV',
    'PCI_NIC',
    'RUNNING_PCI_NIC',
    'SYSTEM_DISK_SIZE',
  ],
  DATASTORE: ['SIZE', 'IMAGES'],
  NETWORK: ['LEASES'],
  IMAGE: ['RVMS'],
} as const;

export type QuotaFamily = keyof typeof QUOTA_METERS;
export type QuotaMeter<Family extends QuotaFamily = QuotaFamily> = (typeof QUOTA_METERS)[Family][number];
export type Amounts = { readonly [Meter in QuotaMeter]?: number };

export interface QuotaLine {
  /** Of the datastore, network or image; for VMs the clusters that the line is for, as `0,100`, or empty. */
  readonly id: string;
  readonly limits: Amounts;
  readonly used: Amounts;
}

export type Quotas = { readonly [Family in QuotaFamily]: readonly QuotaLine[] };

export const NO_QUOTAS: Quotas = { VM: [], DATASTORE: [], NETWORK: [], IMAGE: [] };

const DEFAULT_LIMIT = -1;
const UNLIMITED = -2;

/** Something to be counted: `amounts` of a family, for one datastore, network or image, for VMs, or for VMs of a cluster. */
export interface QuotaUse {
  readonly family: QuotaFamily;
  /** Empty for VMs. */
  readonly id: string;
  /** Counted in the line that names this cluster; where there is none, not at all. */
  readonly clusterId?: number;
  readonly amounts: Amounts;
}

/** A limit does not allow it. The message is oned's, to be prefixed with whose quota it is. */
export class QuotaExceeded extends Refusal {
  override name = 'QuotaExceeded';
  readonly family: QuotaUse['family'];

  constructor(message: string, family: QuotaUse['family']) {
    super(message);
    this.family = family;
  }
}

/**
 * Adds a use.
 * @param defaults limits that hold where the line itself has none
 * @throws QuotaExceeded
 */
export function chargeQuota(quotas: Quotas, use: QuotaUse, defaults: Quotas): Quotas {
  const line = lineFor(quotas, use);
  if (!line) return quotas;
  const fallback = lineOf(defaults, { family: use.family, id: line.id });
  for (const meter of QUOTA_METERS[use.family]) {
    const amount = use.amounts[meter];
    if (amount === undefined) continue;
    const own = line.limits[meter] ?? DEFAULT_LIMIT;
    const limit = own === DEFAULT_LIMIT ? (fallback?.limits[meter] ?? UNLIMITED) : own;
    if (limit !== UNLIMITED && (line.used[meter] ?? 0) + amount > limit) {
      const where = line.id === '' ? '' : ` with ID: ${line.id}`;
      throw new QuotaExceeded(`limit of ${limit} reached for ${meter} quota in ${use.family}${where}`, use.family);
    }
  }
  return withLine(quotas, use.family, addUse(line, use.amounts, 1));
}

/** Adds a use that nothing may refuse, as when an object comes back to its owner. */
export function addQuota(quotas: Quotas, use: QuotaUse): Quotas {
  const line = lineFor(quotas, use);
  return line ? withLine(quotas, use.family, addUse(line, use.amounts, 1)) : quotas;
}

/** Takes a use back. */
export function releaseQuota(quotas: Quotas, use: QuotaUse): Quotas {
  const line = use.clusterId === undefined ? lineOf(quotas, use) : clusterLine(quotas, use.clusterId);
  return line ? withLine(quotas, use.family, addUse(line, use.amounts, -1)) : quotas;
}

/** Clusters that limits of VMs may name. */
export interface ClusterBooks {
  exists(clusterId: number): boolean;
  /** What is used in some of them already, by each VM there. */
  usesIn(clusterIds: readonly number[]): readonly Amounts[];
}

/**
 * Sets limits as `one.user.quota` gives them: `VM=[CPU=2.5,VMS=5]`, `VM=[CLUSTER_IDS="0,100",VMS=2]`, `DATASTORE=[ID=1,SIZE=1000]`.
 * @throws InvalidQuota
 */
export function setQuotaLimits(quotas: Quotas, template: Template, clusters: ClusterBooks): Quotas {
  return setLimits(quotas, template, false, (result, vector) => clusterLineFor(result, vector, clusters));
}

/** The same for those who have none of their own: a missing limit means unlimited. @throws InvalidQuota */
export function setDefaultQuotaLimits(quotas: Quotas, template: Template): Quotas {
  return setLimits(quotas, template, true, () => undefined);
}

function setLimits(
  quotas: Quotas,
  template: Template,
  isDefault: boolean,
  ofClusters: (quotas: Quotas, vector: Vector) => QuotaLine | undefined,
): Quotas {
  let result = quotas;
  for (const family of keysOf(QUOTA_METERS)) {
    for (const vector of template.vectors(family)) {
      const own = family === 'VM' ? ofClusters(result, vector) : undefined;
      const limits = readLimits(family, vector, isDefault);
      const id = family === 'VM' ? '' : (vector.ID ?? '');
      const line = own ?? lineOf(result, { family, id }) ?? { id, limits, used: {} };
      result = withLine(result, family, { ...line, limits: own ? withoutDefaults(limits) : limits }, isDefault);
    }
  }
  return result;
}

/** The line of the clusters that a limit names, as known or with what is used there; undefined when it names none. */
function clusterLineFor(quotas: Quotas, vector: Vector, clusters: ClusterBooks): QuotaLine | undefined {
  const numbers = (vector.CLUSTER_IDS ?? '').split(',').map((id) => Number.parseInt(id, 10));
  const ids = [...new Set(numbers.filter((id) => id >= 0))].sort((a, b) => a - b);
  if (ids.length === 0) return undefined;
  const id = ids.join(',');
  const known = lineOf(quotas, { family: 'VM', id });
  if (known) return known;
  for (const clusterId of ids) {
    if (!clusters.exists(clusterId)) throw new InvalidQuota(`Cluster ${clusterId} does not exist`);
    if (clusterLine(quotas, clusterId)) throw new InvalidQuota(`Quota for cluster id ${clusterId} already exists`);
  }
  const empty: QuotaLine = { id, limits: {}, used: {} };
  return clusters.usesIn(ids).reduce((line, amounts) => addUse(line, amounts, 1), empty);
}

/** There are no defaults for clusters. */
function withoutDefaults(limits: Amounts): Amounts {
  return Object.fromEntries(
    Object.entries(limits).map(([meter, limit]) => [meter, limit === DEFAULT_LIMIT ? UNLIMITED : limit]),
  );
}

class InvalidQuota extends Refusal {
  override name = 'InvalidQuota';
}

const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function readLimits(family: QuotaFamily, vector: Vector, isDefault: boolean): Amounts {
  const implicit = isDefault ? UNLIMITED : DEFAULT_LIMIT;
  const entries = QUOTA_METERS[family].map((meter) => {
    const given = vector[meter] ?? '';
    // What is no number says nothing.
    const limit = NUMBER.test(given) ? Number(given) : implicit;
    const allowed = limit >= 0 || limit === UNLIMITED || (limit === DEFAULT_LIMIT && !isDefault);
    return allowed ? ([meter, limit] as const) : invalid(family, vector);
  });
  if (family !== 'VM' && !/^\s*[-+]?\d/.test(vector.ID ?? '')) invalid(family, vector);
  return Object.fromEntries(entries);
}

function invalid(family: QuotaFamily, vector: Vector): never {
  const text = Object.entries(vector)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  throw new InvalidQuota(`Negative limits or bad format in quota ${family} = [ ${text.join(',')} ]`);
}

/** The line that counts a use, maybe a fresh one; undefined when no line counts it. */
function lineFor(quotas: Quotas, use: QuotaUse): QuotaLine | undefined {
  if (use.clusterId !== undefined) return clusterLine(quotas, use.clusterId);
  return lineOf(quotas, use) ?? { id: use.id, limits: {}, used: {} };
}

function clusterLine(quotas: Quotas, clusterId: number): QuotaLine | undefined {
  return quotas.VM.find(({ id }) => id.split(',').includes(String(clusterId)));
}

function lineOf(quotas: Quotas, { family, id }: { family: QuotaFamily; id: string }): QuotaLine | undefined {
  return quotas[family].find((line) => line.id === id);
}

function addUse(line: QuotaLine, amounts: Amounts, sign: 1 | -1): QuotaLine {
  const used: { [Meter in QuotaMeter]?: number } = { ...line.used };
  for (const [meter, amount] of entriesOf(amounts)) {
    used[meter] = roundToFloat((used[meter] ?? 0) + sign * amount);
  }
  return { ...line, used };
}

/** Sums of fractions such as CPU=0.1 must come back to zero. */
function roundToFloat(sum: number): number {
  return Math.round(sum * 1e6) / 1e6;
}

function withLine(quotas: Quotas, family: QuotaFamily, line: QuotaLine, isDefault = false): Quotas {
  const isOfClusters = family === 'VM' && line.id !== '';
  const implicit = isDefault || isOfClusters ? UNLIMITED : DEFAULT_LIMIT;
  const saysNothing = QUOTA_METERS[family].every(
    (meter) => (line.limits[meter] ?? implicit) === implicit && (isOfClusters || (line.used[meter] ?? 0) === 0),
  );
  const others = quotas[family].filter(({ id }) => id !== line.id);
  const known = quotas[family].findIndex(({ id }) => id === line.id);
  if (saysNothing) return { ...quotas, [family]: others };
  return {
    ...quotas,
    [family]: known < 0 ? [...quotas[family], line] : quotas[family].with(known, line),
  };
}

/** The four elements of a user's or group's document. */
export function quotasXml(quotas: Quotas): string {
  return (['DATASTORE', 'NETWORK', 'VM', 'IMAGE'] as const)
    .map((family) => group(`${family}_QUOTA`, ...quotas[family].map((line) => lineXml(family, line))))
    .join('');
}

/** One line of a family, limits and uses by name: `<VM><CPU>…</CPU><CPU_USED>…`. */
function lineXml(family: QuotaFamily, { id, limits, used }: QuotaLine): string {
  const values = QUOTA_METERS[family].flatMap((meter) => [
    [meter, printNumber(limits[meter] ?? DEFAULT_LIMIT)],
    [`${meter}_USED`, printNumber(used[meter] ?? 0)],
  ]);
  return vectorXml(
    family,
    Object.fromEntries(id === '' ? values : [[family === 'VM' ? 'CLUSTER_IDS' : 'ID', id], ...values]),
  );
}

/** Whole numbers as they are, others with two decimals (one_util::float_to_str). */
export function printNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
