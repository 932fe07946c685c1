import { describe, expect, it } from 'vitest';
import { nextHost, plan, planHost } from '../../../src/sandbox/plan.ts';
import type { SandboxState } from '../../../src/sandbox/state.ts';
import type { Plan } from '../../../src/sandbox/step.ts';
import { configuration } from '../../support/memory-sandbox.ts';

const SUBNETS = { management: '10.72.0.0/24', vms: '10.72.16.0/20' };
const DEFAULTS = configuration('demo', '');

const machine = (name: string, running = true) => ({
  name,
  role: name === 'frontend' ? ('frontend' as const) : ('host' as const),
  address: '10.72.0.2',
  running,
  fingerprint: '',
});

const NOTHING: SandboxState = { testbed: { networks: undefined, machines: [] }, cloud: undefined };
const WHOLE: SandboxState = {
  testbed: {
    networks: { sandbox: 'demo', ...SUBNETS },
    machines: [machine('frontend'), machine('host-1'), machine('host-2')],
  },
  cloud: {
    hosts: ['host-1', 'host-2'].map((name, id) => ({ id, name, state: 'MONITORED' as const })),
    datastores: ['system', 'default', 'files', 'onedock'],
    networks: ['vms'],
    images: [{ id: 0, name: 'web', state: 'USED' }],
    templates: ['web'],
    vms: [{ id: 0, name: 'web', state: 'RUNNING', host: 'host-1', addresses: [] }],
  },
};

const ids = ({ steps }: Plan) => steps.map(({ id }) => id);

describe('plan', () => {
  it('of nothing makes all', () => {
    expect(ids(plan(DEFAULTS, NOTHING, SUBNETS))).toEqual([
      'machine-images',
      'subnets',
      'machine:frontend',
      'machine:host-1',
      'machine:host-2',
      'front-end',
      'datastore',
      'network:vms',
      'host:host-1',
      'host:host-2',
      'sample',
      'image:web',
      'template:web',
      'vm:web',
      'page:web',
    ]);
  });

  it('looks after the front-end’s machine while nobody answers there', () => {
    const { steps } = plan(DEFAULTS, { ...WHOLE, cloud: undefined }, SUBNETS);
    expect(steps.filter(({ kind }) => kind === 'machine')).toEqual([
      expect.objectContaining({ id: 'machine:frontend', reason: 'silent' }),
    ]);
  });

  it('of a sandbox that is as it should be is empty', () => {
    expect(plan(DEFAULTS, WHOLE, SUBNETS)).toEqual({ sandbox: 'demo', steps: [], extra: [] });
  });

  it('lists every step behind those that it needs', () => {
    const { steps } = plan(DEFAULTS, NOTHING, SUBNETS);
    const seen = new Set<string>();
    for (const { id, needs } of steps) {
      expect(needs.filter((need) => !seen.has(need))).toEqual([]);
      seen.add(id);
    }
  });

  it('makes a host again that is missing, and leaves the rest', () => {
    const machines = WHOLE.testbed.machines.filter(({ name }) => name !== 'host-2');
    const state = { ...WHOLE, testbed: { ...WHOLE.testbed, machines } };
    expect(ids(plan(DEFAULTS, state, SUBNETS))).toEqual(['machine-images', 'machine:host-2']);
  });

  it('adds dummy hosts in one step, if one of them is missing', () => {
    const wanted = configuration('demo', 'dummyHosts: 2');
    const step = { kind: 'dummy-hosts', title: '2 dummy hosts', count: 2, needs: ['front-end'] };
    expect(plan(wanted, WHOLE, SUBNETS).steps).toMatchObject([step]);
    const dummies = ['dummy-1', 'dummy-2'].map((name, i) => ({ id: 2 + i, name, state: 'MONITORED' as const }));
    const cloud = WHOLE.cloud && { ...WHOLE.cloud, hosts: [...WHOLE.cloud.hosts, ...dummies] };
    expect(ids(plan(wanted, { ...WHOLE, cloud }, SUBNETS))).toEqual([]);
  });

  it('starts no VM without a host for it', () => {
    const steps = ids(plan(configuration('demo', 'hosts: 0\ndummyHosts: 1'), NOTHING, SUBNETS));
    expect(steps).toContain('dummy-hosts');
    expect(steps.filter((id) => /^(vm|page|host):/.test(id))).toEqual([]);
  });

  it('starts a machine that was stopped, and builds no images for it', () => {
    const machines = [machine('frontend'), machine('host-1', false), machine('host-2')];
    const state = { ...WHOLE, testbed: { ...WHOLE.testbed, machines } };
    expect(plan(DEFAULTS, state, SUBNETS).steps).toMatchObject([{ id: 'machine:host-1', reason: 'stopped' }]);
  });

  it('after a reboot makes the networks again', () => {
    const machines = WHOLE.testbed.machines.map(({ name }) => machine(name, false));
    const state = { testbed: { networks: undefined, machines }, cloud: undefined };
    expect(ids(plan(DEFAULTS, state, SUBNETS)).slice(0, 2)).toEqual(['subnets', 'machine:frontend']);
  });

  it('fills a cloud whose front-end was lost', () => {
    const machines = WHOLE.testbed.machines.filter(({ name }) => name !== 'frontend');
    const state = { testbed: { ...WHOLE.testbed, machines }, cloud: undefined };
    expect(ids(plan(DEFAULTS, state, SUBNETS))).toContain('host:host-1');
  });

  it('waits for what a killed run has left under way', () => {
    const { cloud } = WHOLE;
    if (cloud === undefined) return expect.fail();
    const underWay: SandboxState = {
      ...WHOLE,
      cloud: {
        ...cloud,
        hosts: cloud.hosts.map((host) => ({ ...host, state: 'INIT' })),
        images: cloud.images.map((image) => ({ ...image, state: 'LOCKED' })),
        vms: cloud.vms.map((vm) => ({ ...vm, state: 'BOOT' })),
      },
    };
    const expected = ['host:host-1', 'host:host-2', 'sample', 'image:web', 'vm:web', 'page:web'];
    expect(ids(plan(DEFAULTS, underWay, SUBNETS))).toEqual(expected);
  });

  it.each(['POWEROFF', 'UNKNOWN', 'BOOT_FAILURE'])('leaves a VM alone that is %s', (state) => {
    const { cloud } = WHOLE;
    if (cloud === undefined) return expect.fail();
    const changed = { ...WHOLE, cloud: { ...cloud, vms: cloud.vms.map((vm) => ({ ...vm, state })) } };
    expect(plan(DEFAULTS, changed, SUBNETS).steps).toEqual([]);
  });

  it('reports machines that are not asked for', () => {
    expect(plan({ ...DEFAULTS, hosts: 1 }, WHOLE, SUBNETS)).toMatchObject({ steps: [], extra: ['host-2'] });
  });

  it('puts the virtual networks one after the other', () => {
    const two = configuration('demo', 'networks: [{ name: a, size: 100 }, { name: b, size: 50 }]\nvms: []');
    const ranges = plan(two, NOTHING, SUBNETS).steps.flatMap((step) => (step.kind === 'network' ? [step.range] : []));
    expect(ranges).toMatchObject([
      { name: 'a', firstAddress: '10.72.16.64', size: 100 },
      { name: 'b', firstAddress: '10.72.16.164', gateway: '10.72.16.1', netmask: '255.255.240.0' },
    ]);
  });

  it('refuses virtual networks that have no room', () => {
    const large = configuration('demo', 'networks: [{ name: a, size: 5000 }]\nvms: []');
    expect(() => plan(large, NOTHING, SUBNETS)).toThrow('969 addresses are missing');
  });

  it('runs a stand-in hub on the front-end where one is asked for', () => {
    const offline = configuration('demo', 'hub: stand-in');
    const specs = plan(offline, NOTHING, SUBNETS).steps.flatMap((step) => (step.kind === 'machine' ? [step.spec] : []));
    expect(specs.map(({ standInHub }) => standInHub)).toEqual([true, undefined, undefined]);
  });
});

describe('plan with OpenNebula’s own packages', () => {
  const packaged = configuration('demo', 'frontEnd: opennebula');

  it('makes a front-end machine without one of ours, and brings the packages before it waits for an answer', () => {
    const { steps } = plan(packaged, NOTHING, SUBNETS);
    const specs = steps.flatMap((step) => (step.kind === 'machine' ? [step.spec] : []));
    expect(specs.map((spec) => spec.packaged)).toEqual([true, undefined, undefined]);
    expect(steps.find(({ id }) => id === 'packages')?.needs).toEqual(['machine:frontend']);
    expect(steps.find(({ id }) => id === 'front-end')?.needs).toContain('packages');
  });

  it('has networks of a driver that asks nothing of OpenNebula on hosts', () => {
    const drivers = [packaged, DEFAULTS].map((each) =>
      plan(each, NOTHING, SUBNETS).steps.flatMap((step) => (step.kind === 'network' ? [step.driver] : [])),
    );
    expect(drivers).toEqual([['onedock'], ['bridge']]);
  });

  it('looks after the packages while nobody answers, and leaves a front-end that does alone', () => {
    expect(ids(plan(packaged, { ...WHOLE, cloud: undefined }, SUBNETS))).toContain('packages');
    expect(plan(packaged, WHOLE, SUBNETS).steps).toEqual([]);
  });
});

describe('a host that joins', () => {
  it('has the first free number', () => {
    expect(nextHost(WHOLE)).toBe('host-3');
    const machines = WHOLE.testbed.machines.filter(({ name }) => name !== 'host-1');
    expect(nextHost({ ...WHOLE, testbed: { ...WHOLE.testbed, machines } })).toBe('host-1');
  });

  it('is made and registered, and nothing else is', () => {
    const steps = planHost(DEFAULTS, WHOLE, SUBNETS, 'host-3');
    expect(ids(steps)).toEqual(['machine-images', 'machine:host-3', 'host:host-3']);
    expect(steps.steps[1]).toMatchObject({ spec: { address: '10.72.0.13', vmNetworkAddress: '10.72.16.13' } });
  });
});
