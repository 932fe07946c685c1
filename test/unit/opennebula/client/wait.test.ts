import { describe, expect, it } from 'vitest';
import type { Client } from '../../../../src/opennebula/client/client.ts';
import { Image, Vm } from '../../../../src/opennebula/client/views.ts';
import { intervalAfter, waitForImage, waitForVm, waitUntil } from '../../../../src/opennebula/client/wait.ts';
import { parseXml } from '../../../../src/opennebula/xml.ts';

/** A client whose VM and image show these documents one after the other, then the last for ever. */
function clientShowing(...documents: string[]): Client {
  const next = () => parseXml((documents.length > 1 ? documents.shift() : documents[0]) as string);
  const views = { vm: Vm, image: Image };
  const follow = (group: keyof typeof views) => ({ holds: false, look: async () => new views[group](next()) });
  return { follow } as unknown as Client;
}

const vm = (state: number, lcmState = 0, error = '') =>
  `<VM><STATE>${state}</STATE><LCM_STATE>${lcmState}</LCM_STATE><USER_TEMPLATE><ERROR>${error}</ERROR></USER_TEMPLATE></VM>`;

describe('waiting for a VM', () => {
  it('returns it as soon as it runs', async () => {
    expect((await waitForVm(clientShowing(vm(1), vm(3, 1), vm(3, 3)), 7, 'RUNNING')).lcmState).toBe('RUNNING');
  });

  it('gives up at once when the VM has failed, with the reason that oned keeps', async () => {
    const waiting = waitForVm(clientShowing(vm(3, 2), vm(3, 36, 'no such image')), 7, 'RUNNING');
    await expect(waiting).rejects.toMatchObject({ code: 'WAIT_IN_VAIN', why: 'no such image' });
  });

  it('gives up at once when the VM is gone', async () => {
    await expect(waitForVm(clientShowing(vm(6)), 7, 'POWEROFF')).rejects.toMatchObject({ code: 'WAIT_IN_VAIN' });
  });

  it('says what it saw last when the time is over', async () => {
    const waiting = waitForVm(clientShowing(vm(3, 1)), 7, 'RUNNING', { timeoutSeconds: 0.03 });
    await expect(waiting).rejects.toMatchObject({ code: 'WAIT_TIMED_OUT', data: { last: 'PROLOG' } });
  });
});

describe('waiting for an image', () => {
  it('gives up when the datastore driver failed', async () => {
    const image = '<IMAGE><STATE>5</STATE><TEMPLATE><ERROR>no space</ERROR></TEMPLATE></IMAGE>';
    await expect(waitForImage(clientShowing(image), 3, 'READY')).rejects.toMatchObject({ why: 'no space' });
  });
});

describe('waiting for anything', () => {
  it.each([
    [10, 11],
    [400, 440],
    [480, 500],
    [500, 500],
  ])('looks ever more seldom: after %i ms again after %i', (before, after) => {
    expect(intervalAfter(before)).toBeCloseTo(after);
  });

  it('looks as often as it takes', async () => {
    let looks = 0;
    const look = async () => ++looks;
    await waitUntil({ awaited: 'the sixth look', look, done: (count) => count === 6, describe: String });
    expect(looks).toBe(6);
  });

  it('makes no pause where a look itself waits for news', async () => {
    let looks = 0;
    const look = async () => ++looks;
    const done = (count: number) => count === 200;
    await waitUntil({ awaited: 'the last', look, holds: () => true, done, describe: String, timeoutSeconds: 5 });
    expect(looks).toBe(200);
  });

  it('ends with the reason of the signal', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('enough')), 5);
    const waiting = waitUntil({
      awaited: 'nothing',
      look: async () => 0,
      done: () => false,
      describe: String,
      signal: abort.signal,
    });
    await expect(waiting).rejects.toThrow('enough');
  });
});
