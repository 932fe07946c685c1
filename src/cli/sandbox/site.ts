/** What most verbs begin with: the configuration, the services of its provider, and progress. */
import type { FoundConfiguration, Overrides } from '../../sandbox/configuration-file.ts';
import { fail } from '../../sandbox/errors.ts';
import { FRONT_END } from '../../sandbox/layout.ts';
import type { Run, Services } from '../../sandbox/services.ts';
import type { Call } from './command.ts';
import { openProgress } from './progress/open-progress.ts';

export interface Site extends FoundConfiguration {
  readonly services: Services;
}

/** Options go before ONEDOCK_NAME, which goes before sandbox.yaml. */
export async function openSite(
  { options, console }: Pick<Call, 'options' | 'console'>,
  overrides: Overrides = {},
): Promise<Site> {
  const { loadConfiguration } = await import('../../sandbox/configuration-file.ts');
  const { openServices } = await import('../../sandbox/open-services.ts');
  const name = options.name ?? (console.env.ONEDOCK_NAME || undefined);
  const found = await loadConfiguration(console.workingDirectory, {
    ...(options.config === undefined ? {} : { file: options.config }),
    overrides: {
      ...overrides,
      ...(name === undefined ? {} : { name }),
      ...(options.provider === undefined ? {} : { provider: options.provider }),
    },
  });
  return { ...found, services: await openServices(found.configuration, found.folder) };
}

/** Runs `work` with progress on stderr, which is complete before the answer is printed. */
export async function withProgress<Result>(
  { options, console }: Pick<Call, 'options' | 'console'>,
  work: (run: Run) => Promise<Result>,
): Promise<Result> {
  await using progress = await openProgress(console, options);
  return await work({ report: progress.report, signal: console.signal });
}

/** Prints the answer: a document where JSON was asked for, else its text. */
export function answer(
  { options, console }: Pick<Call, 'options' | 'console'>,
  document: object,
  text: () => string,
): void {
  console.out(options.json ? `${JSON.stringify(document)}\n` : `${text().trimEnd()}\n`);
}

/** A machine of the sandbox by its name, the front-end unless one is named. @throws SANDBOX_MISSING, MACHINE_MISSING */
export async function machineOf({ testbed }: Services, sandbox: string, machine = FRONT_END): Promise<string> {
  const machines = (await testbed.look(sandbox)).machines.map(({ name }) => name);
  if (machines.length === 0) throw fail('SANDBOX_MISSING', { sandbox, others: await testbed.sandboxes() });
  if (!machines.includes(machine)) throw fail('MACHINE_MISSING', { machine, machines });
  return machine;
}
