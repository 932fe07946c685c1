import { describe, expect, it } from 'vitest';
import { withResizedTopology, withTopology } from '../../../../src/frontend/vm/topology.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';

const made = (text: string) => withTopology(parseTemplate(`CPU=0.5\nMEMORY=64\n${text}\n`));

describe('the topology of a VM', () => {
  it('is nothing that a VM must have', () => {
    expect(made('VCPU=2').names()).toEqual(new Set(['CPU', 'MEMORY', 'VCPU']));
  });

  it('of a VM that runs anywhere is one socket unless it says otherwise', () => {
    const template = made('VCPU=4\nTOPOLOGY=[PIN_POLICY=none]');
    expect(template.vector('TOPOLOGY')).toEqual({ SOCKETS: '1', CORES: '4', THREADS: '1', PIN_POLICY: 'NONE' });
    expect(template.get('CPU')).toBe('0.5');
    expect(template.vectors('NUMA_NODE')).toEqual([]);
  });

  it('has a node for large pages, or for an affinity', () => {
    const node = { TOTAL_CPUS: '1', MEMORY: '65536' };
    expect(made('TOPOLOGY=[HUGEPAGE_SIZE=2]').vectors('NUMA_NODE')).toEqual([node]);
    expect(made('TOPOLOGY=[NODE_AFFINITY=0]').vectors('NUMA_NODE')).toEqual([node]);
  });

  it('of a pinned VM has a node for each socket, and as much CPU as virtual processors', () => {
    const template = made('VCPU=4\nTOPOLOGY=[PIN_POLICY=core,SOCKETS=2,CORES=1]');
    const node = { TOTAL_CPUS: '2', MEMORY: '32768' };
    expect(template.vector('TOPOLOGY')).toEqual({ PIN_POLICY: 'CORE', SOCKETS: '2', CORES: '1', THREADS: '2' });
    expect(template.vectors('NUMA_NODE')).toEqual([node, node]);
    expect(template.get('CPU')).toBe('4');
  });

  it('takes the nodes that are given', () => {
    const nodes = 'NUMA_NODE=[TOTAL_CPUS=1,MEMORY=48]\nNUMA_NODE=[TOTAL_CPUS=1,MEMORY=16,DISTANCE="1:20"]';
    const template = made(`VCPU=2\nTOPOLOGY=[PIN_POLICY=THREAD]\n${nodes}`);
    expect(template.vectors('NUMA_NODE')).toEqual([
      { TOTAL_CPUS: '1', MEMORY: '49152' },
      { TOTAL_CPUS: '1', MEMORY: '16384', DISTANCE: '1:20' },
    ]);
    expect(template.vector('TOPOLOGY')?.SOCKETS).toBe('2');
  });

  it.each([
    ['VCPU=4\nTOPOLOGY=[SOCKETS=1,CORES=1,THREADS=1]', 'Total threads per core and socket needs to match VCPU'],
    ['VCPU_MAX=4\nTOPOLOGY=[HUGEPAGE_SIZE=2]', 'VM with TOPOLOGY does not support CPU hotplug (VCPU_MAX)'],
    ['TOPOLOGY=[PIN_POLICY=CORE,NODE_AFFINITY=0]', 'NUMA node affinity cannot be set for pinned VMs'],
    ['VCPU=3\nTOPOLOGY=[PIN_POLICY=CORE,CORES=2]', 'VCPU is not multiple of the total number of cores'],
    ['VCPU=6\nTOPOLOGY=[PIN_POLICY=CORE,CORES=2]', 'Computed number of threads is not power of 2'],
    ['VCPU=3\nTOPOLOGY=[PIN_POLICY=CORE,SOCKETS=2]', 'VCPU is not multiple of the number of NUMA nodes'],
    ['TOPOLOGY=[PIN_POLICY=CORE]\nNUMA_NODE=[MEMORY=64]', 'NUMA_NODE capacity cannot be MEMORY or CPU only'],
    [
      'TOPOLOGY=[PIN_POLICY=CORE]\nNUMA_NODE=[MEMORY=32,TOTAL_CPUS=1]',
      'Total MEMORY of NUMA nodes is different from VM MEMORY',
    ],
  ])('is refused for %j', (text, refusal) => {
    expect(() => made(text)).toThrow(refusal);
  });

  it('follows a new number of processors', () => {
    const template = made('VCPU=4\nTOPOLOGY=[SOCKETS=2,CORES=1,THREADS=2]');
    const resized = withResizedTopology(template.clone().set('VCPU', '8'));
    expect(resized.vector('TOPOLOGY')?.CORES).toBe('2');
    expect(() => withResizedTopology(template.clone().set('VCPU', '6'))).toThrow(
      'new VCPU is not multiple of the total number of threads',
    );
  });
});
