/**
 * What a dummy host reports: the machine of OpenNebula's own dummy probes, with 8 processors and 16 GiB in two NUMA
 * nodes (src/im_mad/remotes/dummy-probes.d, 7.4). Figures of use are random there; here `random` gives them.
 */
import type { MonitoredHost, RunningVm } from '../../contract/driver-runner.ts';
import { PCI_DEVICES } from './pci-devices.ts';

/** From 0 up to, but not including, 1. */
export type Random = () => number;

const TOTAL_CPU = 800;
const TOTAL_MEMORY_KB = 16_777_216;
const NODES = [0, 1];
const CORES_PER_NODE = 8;
const THREADS_PER_CORE = 4;
const HUGE_PAGE_KB = [2048, 1_048_576];
const NODE_MEMORY_KB = TOTAL_MEMORY_KB / NODES.length;

const KVM_CPU_MODELS =
  '486 pentium pentium2 pentium3 pentiumpro coreduo n270 core2duo qemu32 kvm32 cpu64-rhel5 cpu64-rhel6 kvm64 Conroe ' +
  'Penryn Nehalem Nehalem-IBRS Westmere Westmere-IBRS SandyBridge SandyBridge-IBRS IvyBridge IvyBridge-IBRS ' +
  'SapphireRapids SapphireRapids-noTSX Opteron_G1';
const KVM_CPU_FEATURES =
  'vme,ds,acpi,ss,ht,tm,pbe,dtes64,monitor,ds_cpl,vmx,smx,est,tm2,xtpr,pdcm,osxsave,f16c,rdrand,arat,tsc_adjust,' +
  'clflushopt,clwb,intel-pt,sha-ni,umip,pku,ospke,waitpkg,gfni,vaes,vpclmulqdq,rdpid,movdiri,movdir64b,pks,fsrm,' +
  'md-clear,serialize,arch-lbr,stibp,arch-capabilities,core-capability,ssbd,avx-vnni,xsaveopt,xsavec,xgetbv1,xsaves,' +
  'pdpe1gb,abm,invtsc,rdctl-no,ibrs-all,skip-l1dfl-vmentry,mds-no,pschange-mc-no';

/** SYSTEM_HOST */
export function systemFigures({ name }: MonitoredHost): string {
  return lines(
    assign({
      ARCH: 'x86_64',
      HYPERVISOR: 'dummy',
      MODELNAME: 'Dummy(R) Core @ 3.2GHz',
      CPUSPEED: 3200,
      TOTALMEMORY: TOTAL_MEMORY_KB,
      TOTALCPU: TOTAL_CPU,
      DS_LOCATION_USED_MB: 9720,
      DS_LOCATION_TOTAL_MB: 20_480,
      DS_LOCATION_FREE_MB: 20_480,
      KVM_CPU_MODELS,
      KVM_CPU_FEATURES,
      MEMORY_ENCRYPTION: 'SEV',
      HOSTNAME: name,
    }),
    NODES.flatMap((node) => [
      ...cores(node).map(({ id, cpus }) => vector('CORE', { NODE_ID: node, ID: id, CPUS: cpus.join(',') })),
      ...HUGE_PAGE_KB.map((size) => vector('HUGEPAGE', { SIZE: size, PAGES: 1024, NODE_ID: node })),
      vector('MEMORY_NODE', { NODE_ID: node, TOTAL: NODE_MEMORY_KB, DISTANCE: distances(node) }),
    ]),
    PCI_DEVICES.map((device) => vector('PCI', device)),
  );
}

/** MONITOR_HOST */
export function usageFigures(random: Random): string {
  const usedMemory = below(TOTAL_MEMORY_KB, random);
  const usedCpu = below(TOTAL_CPU, random);
  return lines(
    NODES.flatMap((node) => [
      ...HUGE_PAGE_KB.map((size) => vector('HUGEPAGE', { SIZE: size, FREE: 1024, NODE_ID: node })),
      vector('MEMORY_NODE', {
        NODE_ID: node,
        FREE: below(NODE_MEMORY_KB, random),
        USED: below(NODE_MEMORY_KB, random),
      }),
    ]),
    assign({
      USEDMEMORY: usedMemory,
      FREEMEMORY: TOTAL_MEMORY_KB - usedMemory,
      USEDCPU: usedCpu,
      FREECPU: TOTAL_CPU - usedCpu,
      NETTX: 1_241_307_203_246_698,
      NETRX: 50_104_108_822_222,
    }),
  );
}

/** MONITOR_VM; empty without VMs. */
export function vmFigures(vms: readonly RunningVm[], random: Random): string {
  return vms
    .map(({ id, deployId, cpu, memoryMb }) => {
      const figures = lines(
        assign({
          NETTX: 50 * between(1, 3, random),
          NETRX: 100 * between(1, 4, random),
          MEMORY: Math.floor((memoryMb * 1024 * between(20, 100, random)) / 100),
          CPU: (cpu * between(5, 100, random)).toFixed(1),
          DISKRDBYTES: between(1, 1000, random),
          DISKWRBYTES: between(1, 1000, random),
          DISKRDIOPS: between(1, 1000, random),
          DISKWRIOPS: between(1, 1000, random),
        }),
      );
      return vector('VM', { ID: id, DEPLOY_ID: deployId, MONITOR: Buffer.from(figures).toString('base64') });
    })
    .join('\n');
}

/** Threads of a core are numbered after all cores of all nodes. */
function cores(node: number): { id: number; cpus: number[] }[] {
  return Array.from({ length: CORES_PER_NODE }, (_, core) => {
    const id = core + node * CORES_PER_NODE;
    return { id, cpus: Array.from({ length: THREADS_PER_CORE }, (_, k) => id + k * CORES_PER_NODE * NODES.length) };
  });
}

/** A node is nearest to itself. */
function distances(node: number): string {
  return [node, ...NODES.filter((other) => other !== node)].join(' ');
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

function between(first: number, last: number, random: Random): number {
  return first + below(last - first + 1, random);
}

type Values = Readonly<Record<string, string | number>>;

function assign(values: Values): string[] {
  return Object.entries(values).map(([name, value]) => `${name}="${value}"`);
}

function vector(name: string, values: Values): string {
  return `${name} = [ ${assign(values).join(', ')} ]`;
}

function lines(...parts: readonly (readonly string[])[]): string {
  return parts.flat().join('\n');
}
