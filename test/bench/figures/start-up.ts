/** How long programs take to start, beside what Node itself takes. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { COMMAND_NAMES } from '../../../src/opennebula/command-names.ts';
import { installOneCommands } from '../../support/one-commands.ts';
import type { Figure } from '../figure.ts';
import { secondsOf } from '../onedock.ts';

const FRONT_END = [join(import.meta.dirname, '../../../bin/onedock.mjs'), 'frontend', '--port', '0', '--dummy', '3'];

const nodeAlone = () => secondsOf(() => execa(process.execPath, ['--eval', '']));

/** The slowest of all: each is to be quick. */
export const commandStart: Figure = {
  name: 'command-start',
  title: 'the one* command that takes longest for --help',
  floorTitle: 'node --eval ""',
  unit: 's',
  rounds: [5, 1],
  targets: [{ kind: 'value', limit: 0.15 }],
  async prepare() {
    const commands = await installOneCommands({ endpoint: 'http://127.0.0.1:1/RPC2', session: 'nobody:nothing' });
    return {
      async ours() {
        const taken: number[] = [];
        for (const name of COMMAND_NAMES) taken.push(await secondsOf(() => commands.sh(`exec ${name} --help`)));
        return Math.max(...taken);
      },
      floor: nodeAlone,
      [Symbol.asyncDispose]: () => commands[Symbol.asyncDispose](),
    };
  },
};

export const frontEndStart: Figure = {
  name: 'front-end-start',
  title: 'onedock frontend --dummy 3, until it says that it answers',
  floorTitle: 'node --eval ""',
  unit: 's',
  rounds: [5, 2],
  targets: [{ kind: 'value', limit: 1 }],
  async prepare() {
    return { ours: startFrontEnd, floor: nodeAlone, async [Symbol.asyncDispose]() {} };
  },
};

async function startFrontEnd(): Promise<number> {
  const program = execa(process.execPath, FRONT_END, { reject: false });
  const lines = createInterface({ input: program.stdout });
  const seconds = await secondsOf(() => lines[Symbol.asyncIterator]().next());
  program.kill('SIGTERM');
  await program;
  return seconds;
}
