/**
 * The virtual topology of a VM: how its virtual processors form sockets, cores and threads, and which NUMA nodes it has
 * (src/vm/VirtualMachineParser.cc parse_topology, 7.4).
 */
import type { Template, Vector } from '../../opennebula/template.ts';
import { edited } from './edit-template.ts';
import { InvalidTemplate } from './invalid-template.ts';

const PIN_POLICIES: ReadonlySet<string> = new Set(['CORE', 'THREAD', 'SHARED']);

interface Capacity {
  readonly vcpu: number;
  /** MB. */
  readonly memory: number;
}

/**
 * The template with its topology complete, and with the nodes that it makes.
 * @throws InvalidTemplate when the parts do not add up
 */
export function withTopology(template: Template): Template {
  const given = template.vector('TOPOLOGY') ?? (template.vectors('NUMA_NODE').length > 0 ? {} : undefined);
  if (!given) return template;
  const { NODE_AFFINITY: affinity, ...others } = given;
  const hasAffinity = isInteger(affinity);
  const topology: Vector = hasAffinity && affinity !== undefined ? { ...others, NODE_AFFINITY: affinity } : others;
  const policy = topology.PIN_POLICY?.toUpperCase() ?? '';
  const isPinned = PIN_POLICIES.has(policy);
  if (isPinned && hasAffinity) throw new InvalidTemplate('NUMA node affinity cannot be set for pinned VMs');
  const capacity = { vcpu: numberOf(template.get('VCPU')) || 1, memory: numberOf(template.get('MEMORY')) };
  if (isInteger(template.get('VCPU_MAX'))) {
    throw new InvalidTemplate('VM with TOPOLOGY does not support CPU hotplug (VCPU_MAX)');
  }
  if (!isInteger(template.get('MEMORY'))) throw new InvalidTemplate('VM has not MEMORY set');
  const nodes = template.vectors('NUMA_NODE');
  const built = isPinned ? pinned(topology, capacity, nodes) : floating(topology, capacity, hasAffinity);
  return edited(template, (copy) => {
    copy.set('VCPU', String(capacity.vcpu));
    if (isPinned) copy.set('CPU', String(capacity.vcpu)).set('TOPOLOGY', { ...built.topology, PIN_POLICY: policy });
    else copy.set('TOPOLOGY', { ...built.topology, PIN_POLICY: 'NONE' });
    copy.delete('NUMA_NODE');
    for (const node of built.nodes) copy.add('NUMA_NODE', node);
  });
}

/** The template of a VM with its new number of processors: cores take them up, and nodes are made anew. @throws InvalidTemplate */
export function withResizedTopology(template: Template): Template {
  const topology = template.vector('TOPOLOGY');
  if (!topology) return template;
  const vcpu = numberOf(template.get('VCPU')) || 1;
  const [sockets = 0, cores = 0, threads = 0] = ['SOCKETS', 'CORES', 'THREADS'].map((name) => numberOf(topology[name]));
  const isSettled = sockets * cores * threads !== 0;
  if (isSettled && vcpu % (threads * sockets) !== 0) {
    throw new InvalidTemplate('new VCPU is not multiple of the total number of threads');
  }
  const next = isSettled ? { ...topology, CORES: String(vcpu / (threads * sockets)) } : topology;
  return withTopology(edited(template, (copy) => copy.set('TOPOLOGY', next).delete('NUMA_NODE')));
}

interface Built {
  readonly topology: Vector;
  readonly nodes: readonly Vector[];
}

/** A VM whose processors run anywhere has one node at most, by which affinity or the size of pages is told. */
function floating(given: Vector, capacity: Capacity, hasAffinity: boolean): Built {
  const { vcpu } = capacity;
  const parts = ['SOCKETS', 'CORES', 'THREADS'].map((name) => numberOf(given[name]));
  const isEmpty = parts.every((part) => part === 0);
  if (!isEmpty && parts.includes(0)) {
    throw new InvalidTemplate(
      'Non-pinned VMs with a virtual topology needs to set  SOCKETS, CORES and THREADS numbers.',
    );
  }
  if (!isEmpty && product(parts) !== vcpu) throw totalDiffers();
  const topology = isEmpty ? { ...given, SOCKETS: '1', CORES: String(vcpu), THREADS: '1' } : given;
  const hasNode = hasAffinity || numberOf(given.HUGEPAGE_SIZE) > 0;
  return { topology, nodes: hasNode ? [nodeOf(vcpu, capacity.memory)] : [] };
}

function pinned(given: Vector, capacity: Capacity, nodes: readonly Vector[]): Built {
  const { vcpu } = capacity;
  const sockets = numberOf(given.SOCKETS) || nodes.length || 1;
  const [cores, threads] = [numberOf(given.CORES), numberOf(given.THREADS)];
  if (cores > 0 && threads > 0 && sockets * cores * threads !== vcpu) throw totalDiffers();
  const topology: Vector = { ...given, SOCKETS: String(sockets) };
  if (threads === 0 && cores > 0) topology.THREADS = String(threadsFor(vcpu, cores * sockets));
  return { topology, nodes: nodes.length > 0 ? givenNodes(nodes, capacity) : equalNodes(sockets, capacity) };
}

function threadsFor(vcpu: number, cores: number): number {
  if (vcpu % cores !== 0) throw new InvalidTemplate('VCPU is not multiple of the total number of cores');
  const threads = vcpu / cores;
  if (!Number.isInteger(Math.log2(threads))) throw new InvalidTemplate('Computed number of threads is not power of 2');
  return threads;
}

function equalNodes(count: number, { vcpu, memory }: Capacity): Vector[] {
  if (vcpu % count !== 0) throw new InvalidTemplate('VCPU is not multiple of the number of NUMA nodes');
  if (memory % count !== 0) throw new InvalidTemplate('MEMORY is not multiple of the number of NUMA nodes');
  return Array.from({ length: count }, () => nodeOf(vcpu / count, memory / count));
}

/** As in `1:254,2-6:128,8:30`. */
const DISTANCE = /^\d+(-\d+)?:\d+(,\d+(-\d+)?:\d+)*$/;

function givenNodes(nodes: readonly Vector[], { vcpu, memory }: Capacity): Vector[] {
  const parts = nodes.map(({ TOTAL_CPUS, MEMORY, DISTANCE: distance = '' }) => ({
    cpus: numberOf(TOTAL_CPUS),
    memory: numberOf(MEMORY),
    distance,
  }));
  for (const part of parts) {
    if (part.cpus > 0 !== part.memory > 0) {
      throw new InvalidTemplate('NUMA_NODE capacity cannot be MEMORY or CPU only');
    }
    if (part.distance !== '' && !DISTANCE.test(part.distance)) {
      throw new InvalidTemplate('A NUMA_NODE includes a syntax error for DISTANCE attribute');
    }
  }
  if (sum(parts.map(({ cpus }) => cpus)) !== vcpu) {
    throw new InvalidTemplate('Total CPUS of NUMA nodes is different from VM VCPU');
  }
  if (sum(parts.map((part) => part.memory)) !== memory) {
    throw new InvalidTemplate('Total MEMORY of NUMA nodes is different from VM MEMORY');
  }
  return parts.map((part) => ({
    ...nodeOf(part.cpus, part.memory),
    ...(part.distance === '' ? {} : { DISTANCE: part.distance }),
  }));
}

/** @param memoryMb kept as KB */
function nodeOf(cpus: number, memoryMb: number): Vector {
  return { TOTAL_CPUS: String(cpus), MEMORY: String(memoryMb * 1024) };
}

function totalDiffers(): InvalidTemplate {
  return new InvalidTemplate('Total threads per core and socket needs to match VCPU');
}

function numberOf(text: string | undefined): number {
  return isInteger(text) ? Number(text) : 0;
}

function isInteger(text: string | undefined): boolean {
  return text !== undefined && /^\s*\d+$/.test(text);
}

const product = (numbers: readonly number[]) => numbers.reduce((total, number) => total * number, 1);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
