import { describe, expect, it } from 'vitest';
import { carryOut } from '../../../src/sandbox/carry-out.ts';
import { look } from '../../../src/sandbox/look.ts';
import { plan } from '../../../src/sandbox/plan.ts';
import { configuration, memorySandbox } from '../../support/memory-sandbox.ts';

const subnets = { management: '10.72.0.0/24', vms: '10.72.16.0/20' };
const interrupted = new Error('interrupted');

/** Performs the plan of a sandbox; the user interrupts before machine `at` is made. */
async function interrupt(
  sandbox: ReturnType<typeof memorySandbox>,
  name: string,
  at: string,
  { hosts = 2, keepOnFailure = false } = {},
) {
  const user = new AbortController();
  sandbox.testbed.beforeMachine = async (machine) => {
    if (machine === at) user.abort(interrupted);
  };
  const wanted = { ...configuration(name), hosts };
  const before = await look(sandbox.services, name);
  const undertaking = {
    plan: plan(wanted, before, subnets),
    site: { configuration: wanted, subnets, folder: '/' },
    before,
    keepOnFailure,
  };
  return carryOut(undertaking, sandbox.services, sandbox.run(user.signal));
}

describe('a run that is interrupted', () => {
  it('removes a sandbox that it had begun', async () => {
    const sandbox = memorySandbox();
    await expect(interrupt(sandbox, 'back-all', 'host-1')).rejects.toBe(interrupted);
    expect(await sandbox.testbed.sandboxes()).toEqual([]);
  });

  it('removes from a sandbox that was there only what it has made', async () => {
    const sandbox = memorySandbox();
    await interrupt(sandbox, 'back-some', 'none', { hosts: 1 });
    await expect(interrupt(sandbox, 'back-some', 'host-2', { hosts: 2 })).rejects.toBe(interrupted);
    const { machines } = await sandbox.testbed.look('back-some');
    expect(machines.map(({ name }) => name)).toEqual(['frontend', 'host-1']);
  });

  it('leaves everything where that was asked for', async () => {
    const sandbox = memorySandbox();
    const run = interrupt(sandbox, 'back-none', 'host-2', { keepOnFailure: true });
    await expect(run).rejects.toBe(interrupted);
    expect(await sandbox.testbed.sandboxes()).toEqual(['back-none']);
    expect(sandbox.events.at(-1)).toMatchObject({ type: 'note' });
  });

  it('leaves a sandbox that the next one completes', async () => {
    const sandbox = memorySandbox();
    await expect(interrupt(sandbox, 'back-next', 'host-2', { keepOnFailure: true })).rejects.toBe(interrupted);
    await interrupt(sandbox, 'back-next', 'none');
    expect(sandbox.cloud.hosts.map(({ name }) => name)).toEqual(['host-1', 'host-2']);
  });
});
