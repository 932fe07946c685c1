import { describe, expect, it } from 'vitest';
import { ensurePart, removeMachine, stepsFor } from '../../../src/sandbox/part.ts';
import type { Step } from '../../../src/sandbox/step.ts';
import { configuration, memorySandbox } from '../../support/memory-sandbox.ts';

const request = { configuration: configuration('part'), folder: '/' };

describe('ensurePart', () => {
  it('makes one part with what it needs, and nothing else', async () => {
    const { services, testbed, cloud, run } = memorySandbox();
    await ensurePart('subnets', request, services, run());
    expect(testbed.calls).toEqual(['networks']);
    const state = await ensurePart('machine:host-2', request, services, run());
    expect(state.testbed.machines.map(({ name }) => name)).toEqual(['host-2']);
    expect(cloud.hosts).toEqual([]);
  });

  it('makes what a part stands on where that is missing', async () => {
    const { services, run } = memorySandbox();
    const state = await ensurePart('host:host-1', request, services, run());
    expect(state.testbed.machines.map(({ name }) => name).toSorted()).toEqual(['frontend', 'host-1']);
    expect(state.cloud?.hosts).toMatchObject([{ name: 'host-1', state: 'MONITORED' }]);
  });

  it('does nothing a second time', async () => {
    const { services, testbed, run } = memorySandbox();
    await ensurePart('host:host-1', request, services, run());
    const before = [...testbed.calls];
    await ensurePart('machine:host-1', request, services, run());
    expect(testbed.calls.slice(before.length).filter((call) => !call.includes(':'))).toEqual([]);
  });

  it('works on several parts side by side', async () => {
    const { services, testbed, run } = memorySandbox();
    await ensurePart('subnets', request, services, run());
    const both = Promise.withResolvers<void>();
    const begun = new Set<string>();
    testbed.beforeMachine = async (machine) => {
      begun.add(machine);
      if (begun.size === 2) both.resolve();
      await both.promise;
    };
    await Promise.all(
      ['host-1', 'host-2'].map((machine) => ensurePart(`machine:${machine}`, request, services, run())),
    );
    expect([...begun].toSorted()).toEqual(['host-1', 'host-2']);
  });

  it('takes a part back that failed, and leaves the others', async () => {
    const { services, testbed, run } = memorySandbox();
    await ensurePart('machine:host-1', request, services, run());
    testbed.beforeMachine = () => Promise.reject(new Error('No room.'));
    await expect(ensurePart('machine:host-2', request, services, run())).rejects.toThrow('No room.');
    expect((await testbed.look('part')).machines.map(({ name }) => name)).toEqual(['host-1']);
  });
});

describe('removeMachine', () => {
  it('takes one machine away', async () => {
    const { services, testbed, run } = memorySandbox();
    await ensurePart('machine:host-1', request, services, run());
    await removeMachine({ sandbox: 'part', machine: 'host-1' }, services, run());
    expect((await testbed.look('part')).machines).toEqual([]);
  });
});

describe('stepsFor', () => {
  const step = (id: string, ...needs: string[]) => ({ id, needs }) as unknown as Step;
  const steps = [step('a'), step('b'), step('c', 'a', 'done before'), step('d', 'c')];

  it('follows what is needed to its end', () => {
    expect(stepsFor('d', steps).map(({ id }) => id)).toEqual(['a', 'c', 'd']);
  });

  it('is empty for what the plan does not have', () => {
    expect(stepsFor('done before', steps)).toEqual([]);
  });
});
