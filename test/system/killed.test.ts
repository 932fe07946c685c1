/** Runs that end in the middle: by Ctrl-C, which undoes, and by SIGKILL, after which the next run goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitForVm } from '../../src/opennebula/client/wait.ts';
import { describeSandbox, TestSandbox } from '../support/test-sandbox.ts';

describeSandbox('a run that is killed', () => {
  let sandbox: TestSandbox;

  beforeEach(async () => {
    sandbox = await TestSandbox.create();
  });

  afterEach(() => sandbox?.[Symbol.asyncDispose]());

  /** Starts `up` and sends a signal as soon as the step has begun. */
  async function killAt(step: string, signal: NodeJS.Signals, delayMs = 0) {
    const run = sandbox.start('up', '--json');
    let progress = '';
    run.stderr.on('data', async (chunk: Buffer) => {
      const had = progress.includes(`"started","step":"${step}`);
      progress += chunk;
      if (had || !progress.includes(`"started","step":"${step}`)) return;
      await sleep(delayMs);
      run.kill(signal);
    });
    return run;
  }

  it('by Ctrl-C takes back what it has made', async () => {
    expect(await killAt('machine:host-2', 'SIGINT')).toMatchObject({ exitCode: 130 });
    expect(await sandbox.json('status')).toMatchObject({ state: 'absent' });
    expect(await sandbox.json('down', '--yes')).toMatchObject({ changed: false });
  });

  it.each(['subnets', 'machine:host-1', 'host:host-1', 'image:web', 'vm:web'])(
    'by SIGKILL at %s is completed by the next `up`',
    async (step) => {
      expect(await killAt(step, 'SIGKILL', 20)).toMatchObject({ signal: 'SIGKILL' });
      expect(await sandbox.json('up')).toMatchObject({ state: 'running', vms: [{ state: 'RUNNING' }] });
    },
  );

  it.each([0, 30, 100, 300])('by SIGKILL %d ms into making machines is cleaned up by `down`', async (delay) => {
    await killAt('machine:', 'SIGKILL', delay);
    await sandbox.ok('down', '--yes');
    expect(await sandbox.json('status')).toMatchObject({ state: 'absent' });
  });
});

describeSandbox('a front-end that is killed', () => {
  it('in the middle of deployments goes on with them', async () => {
    await using sandbox = await TestSandbox.create();
    await sandbox.ok('up', '--hosts', '1');
    using client = await sandbox.client();
    const [template] = (await client.templatepool.info()).objects;
    const ids = await Promise.all(Array.from({ length: 5 }, () => client.template.instantiate(template?.id ?? -1)));
    await sandbox.on('frontend', 'systemctl', 'kill', '--kill-who=main', '--signal=KILL', 'opennebula.service');
    await expect.poll(() => client.system.version().catch(String), { timeout: 30_000 }).toMatch(/^7\./);
    for (const id of ids) expect(await waitForVm(client, id, 'RUNNING')).toMatchObject({ isRunning: true });
  });
});
