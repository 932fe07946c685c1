/** What a person needs to see why an `up` failed: the events of the run and the machines' own logs, as files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorJson } from '../errors/present.ts';
import type { SandboxEvent } from './events.ts';
import type { Services } from './services.ts';

const LOG_FOLDER = '/var/log/onedock';

/** Commands whose output is kept of every machine, by file name. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  'journal.log': ['journalctl', '--boot', '--no-pager', '--lines=3000'],
  'one.log': ['find', '/var/log/one', '-name', '*.log', '-exec', 'tail', '-n', '2000', '{}', '+'],
  'network.txt': ['ip', 'address'],
  'processes.txt': ['ps', '-ef'],
};

export interface FailedRun {
  readonly sandbox: string;
  readonly events: readonly SandboxEvent[];
  readonly error: unknown;
  readonly at: Date;
}

/** @returns the folder, which only root reads */
export async function writeLogBundle({ testbed }: Pick<Services, 'testbed'>, run: FailedRun): Promise<string> {
  const stamp = run.at.toISOString().replaceAll(/[:.]/g, '-');
  const folder = join(LOG_FOLDER, `${run.sandbox}-${stamp}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'events.jsonl'), run.events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  await writeFile(join(folder, 'error.json'), JSON.stringify(errorJson(run.error), undefined, 2));
  const { machines } = await testbed.look(run.sandbox);
  await Promise.all(
    machines.filter(({ running }) => running).map(({ name }) => collect(testbed, run.sandbox, name, folder)),
  );
  return folder;
}

async function collect(testbed: Services['testbed'], sandbox: string, machine: string, folder: string): Promise<void> {
  await using transport = testbed.transport(sandbox, machine);
  await mkdir(join(folder, machine));
  for (const [file, argv] of Object.entries(SOURCES)) {
    const text = await transport.run(argv, { timeoutSeconds: 10 }).then(
      ({ stdout }) => stdout,
      (error: Error) => `${error.message}\n`,
    );
    await writeFile(join(folder, machine, file), text);
  }
}
