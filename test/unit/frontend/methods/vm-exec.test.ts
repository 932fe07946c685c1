import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MonitorReport } from '../../../../src/drivers/contract/driver-runner.ts';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;
let report: (report: MonitorReport) => void;
/** What the driver was called with. */
let calls: { readonly action: string; readonly argv: readonly string[] }[];
/** What the driver waits for. */
let wait: Promise<void> | undefined;
/** Why it cannot. */
let failure: string | undefined;
let vm: number;

beforeEach(async () => {
  const inner = new InProcessDrivers(driverTable, openServices());
  calls = [];
  failure = undefined;
  wait = undefined;
  one = await startCloudInProcess({
    drivers: {
      has: (family, driver) => inner.has(family, driver),
      async run(call) {
        if (call.action.startsWith('exec')) {
          calls.push({ action: call.action, argv: call.argv });
          await wait;
          if (failure !== undefined) throw new Error(failure);
        }
        return inner.run(call);
      },
      monitor: (driver, host, tell, signal) => {
        report = tell;
        return inner.monitor(driver, host, tell, signal);
      },
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
  });
  await one.host('h1');
  vm = await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\n', false);
  await until('RUNNING');
});

afterEach(() => one[Symbol.asyncDispose]());

const record = () => one.cloud.pools.vm.get(vm);
const exec = () => record()?.template.vector('QEMU_GA_EXEC');
const until = (phase: string) => vi.waitUntil(() => record()?.phase === phase, { timeout: 20_000, interval: 5 });

async function told(method: string, ...args: readonly string[]): Promise<void> {
  await one.oneadmin.call(`one.vm.${method}`, vm, ...args);
  await until('RUNNING');
}

describe('a command in the guest', () => {
  it('is begun by the driver, given up, and begun again', async () => {
    await told('exec', 'cat -n', 'one line');
    expect(exec()).toEqual({ COMMAND: 'cat -n', STDIN: 'one line', STATUS: 'EXECUTING' });
    await told('cancelexec');
    expect(exec()).toMatchObject({ COMMAND: 'cat -n', STATUS: 'CANCELLED' });
    await told('retryexec');
    expect(exec()).toEqual({ COMMAND: 'cat -n', STDIN: 'one line', STATUS: 'EXECUTING' });
    const command = { action: 'exec', argv: [String(vm), 'h1', 'cat -n', 'one line'] };
    expect(calls).toEqual([command, { action: 'exec_cancel', argv: [String(vm), 'h1'] }, command]);
    expect(record()?.history.map(({ action }) => action)).toEqual(['exec', 'exec-cancel', 'exec', 'none']);
  });

  it('goes on as monitoring tells', async () => {
    await told('exec', 'uptime', '');
    report({ type: 'EXEC_VM', text: `VM=[ID="${vm}",STATUS="DONE",RETURN_CODE="0",STDOUT="dXA="]\n` });
    expect(exec()).toMatchObject({ COMMAND: 'uptime', STATUS: 'DONE', RETURN_CODE: '0', STDOUT: 'dXA=' });
    await told('exec', 'true', '');
    expect(exec()).toEqual({ COMMAND: 'true', STDIN: '', STATUS: 'EXECUTING' });
  });

  it('that has ended before its driver has said that it began is not taken for one that runs', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wait = promise;
    await one.oneadmin.call('one.vm.exec', vm, 'true', '');
    await vi.waitUntil(() => calls.length > 0);
    report({ type: 'EXEC_VM', text: `VM=[ID="${vm}",STATUS="DONE",RETURN_CODE="0"]\n` });
    resolve();
    await until('RUNNING');
    expect(exec()).toMatchObject({ STATUS: 'EXECUTING' });
    await vi.waitUntil(() => exec()?.STATUS === 'DONE', { timeout: 20_000 });
  });

  it.each([
    ['poweroff', 'POWEROFF'],
    ['poweroff-hard', 'POWEROFF'],
    ['undeploy', 'UNDEPLOYED'],
    ['terminate', 'DONE'],
  ])('is CANCELLED by %s', async (action, phase) => {
    await told('exec', 'sleep 9', '');
    await one.oneadmin.call('one.vm.action', action, vm);
    await until(phase);
    expect(exec()).toMatchObject({ COMMAND: 'sleep 9', STATUS: 'CANCELLED' });
  });

  it('that has ended stays as it was when the VM is powered off', async () => {
    await told('exec', 'true', '');
    report({ type: 'EXEC_VM', text: `VM=[ID="${vm}",STATUS="DONE",RETURN_CODE="0"]\n` });
    await one.oneadmin.call('one.vm.action', 'poweroff', vm);
    await until('POWEROFF');
    expect(exec()).toMatchObject({ STATUS: 'DONE' });
  });

  it('is in ERROR when the driver cannot, and the VM runs on', async () => {
    failure = 'no agent in the guest';
    await told('exec', 'uptime', '');
    expect(exec()).toMatchObject({ STATUS: 'ERROR' });
    expect(record()?.userTemplate.get('ERROR')).toContain('EXEC: no agent in the guest');
  });

  it('is refused while another runs, and where nothing runs', async () => {
    await told('exec', 'sleep 9', '');
    expect(await one.oneadmin.refusal('one.vm.exec', vm, 'uptime', '')).toBe(
      '2048 [one.vm.exec] Could not execute command, a command is already being executed',
    );
    await told('cancelexec');
    expect(await one.oneadmin.refusal('one.vm.cancelexec', vm)).toBe(
      '2048 [one.vm.cancelexec] Could not cancel command, there is no command being executed',
    );
    await one.oneadmin.call('one.vm.action', 'poweroff-hard', vm);
    await until('POWEROFF');
    expect(await one.oneadmin.refusal('one.vm.retryexec', vm)).toBe(
      '2048 [one.vm.retryexec] Could not execute command, VM must be in running',
    );
    expect(await one.oneadmin.refusal('one.vm.cancelexec', vm)).toBe(
      '2048 [one.vm.cancelexec] Could not cancel command, VM must be in running',
    );
  });

  it('is for who may do so', async () => {
    const ada = await one.user('ada');
    expect(await ada.refusal('one.vm.exec', vm, 'uptime', '')).toMatch(/^512 /);
  });
});
