/** `down`: removes whatever carries the sandbox's label, and proves that nothing is left. */
import { removeClientFiles } from './client-files.ts';
import { fail } from './errors.ts';
import { reportStep, stopwatch } from './events.ts';
import { withSandbox } from './sandbox-lock.ts';
import type { Run, Services } from './services.ts';
import type { TestbedState } from './testbed.ts';

export interface DownResult {
  readonly name: string;
  /** Whether there was anything to remove. */
  readonly changed: boolean;
  readonly seconds: number;
}

/** What `down` removes, as a person is asked about it; empty when there is nothing. */
export async function whatGoes({ testbed }: Pick<Services, 'testbed'>, sandbox: string): Promise<string[]> {
  const [{ networks, machines }, leaks] = await Promise.all([testbed.look(sandbox), testbed.audit(sandbox)]);
  return [
    ...describe({ networks, machines }),
    ...(machines.length > 0 ? [] : leaks.map(({ kind, name }) => `${kind} ${name}`)),
  ];
}

/** @throws LEAK_FOUND */
export async function down(sandbox: string, { testbed }: Pick<Services, 'testbed'>, run: Run): Promise<DownResult> {
  const start = stopwatch();
  return withSandbox(sandbox, run.report, async () => {
    const isThere = (await testbed.sandboxes()).includes(sandbox);
    if (isThere) {
      await reportStep({ id: 'remove', title: `Sandbox ${sandbox} is removed` }, run.report, async () => {
        await testbed.removeSandbox(sandbox);
        await removeClientFiles(sandbox);
      });
    }
    await reportStep({ id: 'audit', title: 'Nothing of it is left' }, run.report, async () => {
      const leaks = await testbed.audit(sandbox);
      const names = leaks.map(({ kind, name }) => `${kind} ${name}`);
      if (names.length > 0) throw fail('LEAK_FOUND', { sandbox, leaks: names });
    });
    return { name: sandbox, changed: isThere, seconds: stopwatch() - start };
  });
}

function describe({ networks, machines }: TestbedState): string[] {
  return [
    ...machines.map(({ name, address }) => `machine ${name} (${address}), with all that it holds`),
    ...(networks === undefined ? [] : [`networks ${networks.management} and ${networks.vms}`]),
  ];
}
