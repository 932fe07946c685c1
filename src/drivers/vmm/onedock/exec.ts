import { find, findText, type XmlElement } from '../../../opennebula/xml.ts';
import { defineAction } from '../../contract/action.ts';
import { commandProgram, findCommand, KEPT_BYTES, recordCommand } from '../../hosts/vm-commands.ts';
import { fail } from '../errors.ts';
import { type RunningVm, withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';
import { vmElement } from './vm.ts';
import { shellWords } from './words.ts';

/**
 * EXEC: begins with a command in the running container, as root, in the directory and with the environment of the image.
 * Monitoring tells how it ends. The request that is made again, after a front-end was killed, begins nothing.
 * @param command  a program and its arguments, split as a shell splits words; no shell sees them. OpenNebula's script for
 *   KVM splits them a second time, so that quotes are lost there (remotes/kvm/exec, 7.4)
 * @param stdin  in base64; none when it is missing
 * @throws CONTAINER_NOT_RUNNING, COMMAND_MALFORMED, COMMAND_TOO_LONG, COMMAND_NOT_BEGUN, COMMAND_OF_EARLIER_START
 */
export const exec = defineAction({
  args: ['vmId', 'host', 'command', 'stdin?'],
  async run({ vmId, host: hostName, command, stdin = '' }, context: Context) {
    const words = readCommand(vmId, command, stdin);
    await withRunningVm(hostName, context, (running) => begin(running, words, stdin, context));
  },
});

/** @throws COMMAND_MALFORMED, COMMAND_TOO_LONG */
function readCommand(vmId: string, command: string, stdin: string): readonly [string, ...string[]] {
  const words = shellWords(command);
  const malformed = (why: string) => fail('COMMAND_MALFORMED', { vmId, command, why });
  if (!words) throw malformed('A quote is not closed.');
  const [program, ...args] = words;
  if (!program) throw malformed('It names no program.');
  if (command.includes('\0')) throw malformed('It holds a character that no argument can hold.');
  if (!/^[A-Za-z0-9+/\s]*=*\s*$/.test(stdin)) throw malformed('Its standard input is not in base64.');
  for (const text of [command, stdin])
    if (Buffer.byteLength(text) > MOST_BYTES) throw fail('COMMAND_TOO_LONG', { vmId, bytes: MOST_BYTES });
  return [program, ...args];
}

/** The kernel takes no argument of 128 KiB (MAX_ARG_STRLEN), and OpenNebula gives all of them to a shell as one. */
const MOST_BYTES = 120 * 1024;

async function begin(
  { host, vm, name }: RunningVm,
  [program, ...args]: readonly [string, ...string[]],
  stdin: string,
  { document, signal }: Context,
): Promise<void> {
  const request = readRequest(document());
  if ((await findCommand(host, vm.directory, signal))?.request === request) return;
  const { docker } = host;
  const ready = await docker.commands.run(name, commandProgram('ready', program), { user: ROOT, signal });
  if (ready.exitCode !== 0) throw fail('COMMAND_NOT_BEGUN', { name, said: ready.stderr.trim() });
  if (ready.stdout.trim() !== 'ready') throw fail('COMMAND_OF_EARLIER_START', { name });
  const run = commandProgram('run', KEPT_BYTES, stdin.replaceAll(/\s/g, ''), program, ...args);
  const id = await docker.commands.create(name, run, { user: ROOT, signal });
  // Before it begins, so that whatever happens from here on is told of.
  await recordCommand(host, vm.directory, { request, id }, signal);
  await docker.commands.start(id, { signal });
}

/** As the agent in a guest of other hypervisors has it. */
const ROOT = '0';

/** SEQ of the last history record. @throws DOCUMENT_INCOMPLETE */
function readRequest(document: XmlElement): number {
  const history = find(vmElement(document), 'HISTORY_RECORDS/HISTORY');
  const seq = history && findText(history, 'SEQ');
  if (!seq || !/^\d+$/.test(seq)) throw fail('DOCUMENT_INCOMPLETE', { element: 'HISTORY/SEQ' });
  return Number(seq);
}
