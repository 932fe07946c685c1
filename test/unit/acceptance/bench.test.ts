import { describe, expect, it } from 'vitest';
import { Bench } from '../../../src/acceptance/bench.ts';
import type { CloudUnderTest } from '../../../src/acceptance/cloud.ts';
import { TRIALS } from '../../../src/acceptance/trials.ts';
import type { Client } from '../../../src/opennebula/client/client.ts';
import { Vm } from '../../../src/opennebula/client/views.ts';
import { LCM_STATE, type LcmState, VM_STATE } from '../../../src/opennebula/vm-states.ts';
import { parseXml } from '../../../src/opennebula/xml.ts';

/** A VM that is seen in one state of ACTIVE after the other; the last stays. */
function benchWith(...states: readonly LcmState[]) {
  const left = [...states];
  const calls: string[] = [];
  const info = async () => {
    const state = (left.length > 1 ? left.shift() : left[0]) ?? 'RUNNING';
    calls.push(state);
    return new Vm(
      parseXml(`<VM><ID>7</ID><STATE>${VM_STATE.ACTIVE}</STATE><LCM_STATE>${LCM_STATE[state]}</LCM_STATE></VM>`),
    );
  };
  const follow = () => ({ look: info, holds: false });
  const client = { vm: { info }, follow } as unknown as Client;
  const cloud = { imagePath: undefined } as unknown as CloudUnderTest;
  const bench = new Bench({ client, cloud, name: 'test', timeoutSeconds: 5, signal: new AbortController().signal });
  bench.vmId = 7;
  return { bench, calls };
}

describe('Bench', () => {
  it('waits until a VM has ended its boot whose guest answers already', async () => {
    const { bench, calls } = benchWith('BOOT', 'BOOT', 'RUNNING');
    expect((await bench.running()).lcmState).toBe('RUNNING');
    expect(calls).toEqual(['BOOT', 'BOOT', 'RUNNING']);
  });

  it('acts on no VM that is on its way', async () => {
    const { bench, calls } = benchWith('PROLOG_MIGRATE', 'RUNNING');
    await bench.change('RUNNING', async () => calls.push('act'));
    expect(calls).toEqual(['PROLOG_MIGRATE', 'RUNNING', 'act', 'RUNNING']);
  });

  it('waits for none that has failed', async () => {
    const { bench } = benchWith('BOOT_FAILURE');
    await expect(bench.running()).rejects.toThrow('the VM is BOOT_FAILURE');
  });
});

describe('create a VM', () => {
  it('is skipped where the image that was asked for has not been registered', async () => {
    const { bench } = benchWith('RUNNING');
    Object.assign(bench.cloud, { imagePath: 'docker://nothing' });
    const trial = TRIALS.find(({ name }) => name === 'create a VM');
    await expect(trial?.run(bench)).rejects.toThrow('there is no image for it');
  });
});
