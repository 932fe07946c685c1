import * as pulumi from '@pulumi/pulumi';
import { beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from '../../../stacks/components/cluster.ts';
import { Sandbox } from '../../../stacks/components/sandbox.ts';

interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const declared: Declared[] = [];
const ofType = (type: string) => declared.filter((resource) => resource.type.endsWith(`:${type}`));

/** Resolves when all inputs of what stands behind the outputs are known. */
const known = (outputs: readonly pulumi.Input<unknown>[]) =>
  new Promise((resolve) => pulumi.all([...outputs]).apply(resolve));

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource({ type, name, inputs }) {
      declared.push({ type, name, inputs });
      const made = { hostId: 1, endpoint: 'http://10.0.0.2:2633/RPC2' };
      return { id: String(declared.length), state: { ...made, ...inputs } };
    },
    call: ({ inputs }) => inputs,
  });
});

describe('Sandbox', () => {
  beforeAll(async () => {
    const sandbox = new Sandbox('box', { sandbox: { name: 'demo' }, hosts: ['host-1', 'host-4'] });
    await known([sandbox.endpoint, sandbox.registry.id, ...sandbox.hosts.map(({ hostId }) => hostId)]);
  });

  it('has a machine for the front-end and for each host, all of one sandbox', () => {
    expect(ofType('Machine').map(({ inputs }) => inputs.name)).toEqual(
      expect.arrayContaining(['frontend', 'host-1', 'host-4']),
    );
    for (const { inputs } of ofType('Machine')) expect(inputs.sandbox).toEqual({ name: 'demo' });
  });

  it('registers the hosts, and nothing else, in OpenNebula', () => {
    const machines = ofType('DockerHost').map(({ inputs }) => inputs.machine);
    expect(machines.toSorted()).toEqual(['host-1', 'host-4']);
    expect(ofType('FrontEnd')).toHaveLength(1);
    expect(ofType('Registry')).toHaveLength(1);
  });
});

describe('Cluster', () => {
  beforeAll(async () => {
    const cluster = new Cluster('lab', {
      name: 'lab',
      hosts: ['node-a', 'node-b'],
      network: { bridge: 'br0', addressRanges: [{ ip: '10.0.0.10', size: 5 }] },
    });
    await known([...cluster.hosts.map(({ id }) => id), cluster.datastore.id, cluster.network.id]);
  });

  it('puts hosts, datastore and network into one cluster', () => {
    const cluster = declared.findIndex(({ type }) => type === 'onedock:cloud:Cluster') + 1;
    for (const type of ['Host', 'Datastore', 'VirtualNetwork']) {
      for (const { inputs } of ofType(type)) expect(inputs.clusterId).toBe(cluster);
    }
    expect(ofType('Host').map(({ inputs }) => inputs.name)).toEqual(['node-a', 'node-b']);
    expect(ofType('VirtualNetwork')[0]?.inputs).toMatchObject({ name: 'lab-vms', bridge: 'br0' });
  });
});
