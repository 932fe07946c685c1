/**
 * OpenNebula's commands (onevm, oneimage, …). Which one is meant is the name by which the file is called, or else the
 * first argument: `one onevm list`. Each tool is loaded only when it is called, so all of them start fast.
 * `one completion` prints completion for bash.
 */
import { basename } from 'node:path';
import type { CommandName } from '../../opennebula/command-names.ts';
import { isKeyOf } from '../../opennebula/tables.ts';
import type { Tool } from './command.ts';
import type { Io } from './io.ts';
import { processIo } from './process-io.ts';
import { FAILURE } from './refusal.ts';
import { runTool } from './run-tool.ts';

export const TOOLS = {
  oneacct: async () => (await import('./oneacct.ts')).oneacct,
  oneacl: async () => (await import('./oneacl.ts')).oneacl,
  onecluster: async () => (await import('./onecluster.ts')).onecluster,
  onedatastore: async () => (await import('./onedatastore.ts')).onedatastore,
  onedb: async () => (await import('./onedb.ts')).onedb,
  onegroup: async () => (await import('./onegroup.ts')).onegroup,
  onehook: async () => (await import('./onehook.ts')).onehook,
  onehost: async () => (await import('./onehost.ts')).onehost,
  oneimage: async () => (await import('./oneimage.ts')).oneimage,
  onemarket: async () => (await import('./onemarket.ts')).onemarket,
  onemarketapp: async () => (await import('./onemarketapp.ts')).onemarketapp,
  onesecgroup: async () => (await import('./onesecgroup.ts')).onesecgroup,
  oneshowback: async () => (await import('./oneshowback.ts')).oneshowback,
  onetemplate: async () => (await import('./onetemplate.ts')).onetemplate,
  oneuser: async () => (await import('./oneuser.ts')).oneuser,
  onevdc: async () => (await import('./onevdc.ts')).onevdc,
  onevm: async () => (await import('./onevm.ts')).onevm,
  onevmgroup: async () => (await import('./onevmgroup.ts')).onevmgroup,
  onevnet: async () => (await import('./onevnet.ts')).onevnet,
  onevntemplate: async () => (await import('./onevntemplate.ts')).onevntemplate,
  onevrouter: async () => (await import('./onevrouter.ts')).onevrouter,
  onezone: async () => (await import('./onezone.ts')).onezone,
} satisfies Record<CommandName, () => Promise<Tool>>;

/**
 * Runs one tool.
 * @param argv  path by which the program was called, then its arguments
 * @returns the exit code
 */
export async function main([path = '', ...args]: readonly string[], io: Io = processIo()): Promise<number> {
  const called = basename(path).replace(/\.[a-z]+$/, '');
  const isCalledByToolName = /^one./.test(called);
  const [name = '', rest] = isCalledByToolName ? [called, args] : [args[0], args.slice(1)];
  if (name === 'completion') {
    const { bashCompletion } = await import('./completion.ts');
    io.out(`${bashCompletion(await Promise.all(Object.values(TOOLS).map((load): Promise<Tool> => load())))}\n`);
    return 0;
  }
  if (!isKeyOf(TOOLS, name)) {
    io.err(
      `${name === '' ? 'No command was named' : `'${name}' is no command`}. There are ${Object.keys(TOOLS).join(', ')}.\n`,
    );
    return FAILURE;
  }
  return runTool(await TOOLS[name](), rest, io);
}
