/** The program behind `onedock` and `npm run sandbox`. */
import { readFile } from 'node:fs/promises';
import { COMMANDS } from './sandbox/commands.ts';
import { processConsole } from './sandbox/console.ts';
import { interruption } from './sandbox/interruption.ts';
import { run } from './sandbox/run.ts';

const { version }: { version: string } = JSON.parse(
  await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
);
const { signal, stopListening } = interruption();
const [node = '', script = '', ...argv] = process.argv;

process.exitCode = await run({ argv, commands: COMMANDS, version, ownCommand: [node, script] }, processConsole(signal));
stopListening();
