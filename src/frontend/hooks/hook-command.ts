/** The command line of a hook, as OpenNebula's executor makes it (src/hem/onehem-server.rb, 7.4). */
import { posix } from 'node:path';
import { wordList } from '../../opennebula/lists.ts';
import type { Hook } from '../objects/hook.ts';
import type { HookEvent } from './state-events.ts';

export interface HookCommand {
  /** For a shell: the administrator's own line, and words of base64 behind it. */
  readonly line: string;
  readonly stdin: string;
  /** 0: none. */
  readonly timeoutSeconds: number;
  /** Where it is to run; the front-end when missing. */
  readonly remoteHost?: string;
}

/** Where commands lie that are no absolute paths: on the front-end, and on hosts. */
export interface HookFolders {
  readonly local: string;
  readonly remote: string;
}

/** ARGUMENTS with the document of the event in place of its variable. */
export function hookArguments({ template }: Hook, { variable, document }: HookEvent): string {
  const words = wordList(template.get('ARGUMENTS'));
  return words
    .map((word) => (word === variable ? Buffer.from(document()).toString('base64') : word))
    .filter((word) => word !== '$API' && word !== '$TEMPLATE')
    .join(' ');
}

export function hookCommand({ template }: Hook, args: string, remoteHost: string, folders: HookFolders): HookCommand {
  const isRemote = template.get('REMOTE') === 'YES';
  const command = template.get('COMMAND') ?? '';
  const path = command.startsWith('/') ? command : posix.join(isRemote ? folders.remote : folders.local, command);
  const onStdin = ['YES', 'TRUE'].includes(template.get('ARGUMENTS_STDIN')?.toUpperCase() ?? '');
  return {
    line: onStdin || args === '' ? path : `${path} ${args}`,
    stdin: onStdin ? args : '',
    timeoutSeconds: Math.max(0, Number.parseInt(template.get('TIMEOUT') ?? '0', 10) || 0),
    ...(isRemote ? { remoteHost } : {}),
  };
}
