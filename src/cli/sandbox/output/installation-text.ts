/** What an installation changes, as people read it before they agree to it. */
import { type Change, describeChange } from '../../../install/change.ts';
import type { Call } from '../command.ts';
import { fail } from '../errors.ts';

export const ROOT_OPTION = {
  kind: 'text',
  value: 'DIR',
  summary: 'Directory that holds the front-end’s root, as of an image; this machine unless given.',
} as const;

interface Planned {
  readonly changes: readonly Change[];
  readonly diffs: readonly string[];
}

/** For programs. */
export function installationDocument({ changes, diffs }: Planned, more: object): object {
  const listed = changes.map((change) =>
    'path' in change ? { kind: change.kind, path: change.path } : { kind: change.kind, argv: change.argv },
  );
  return { ...more, changes: listed, diffs };
}

export function installationText({ changes, diffs }: Planned, end: string): string {
  const list = changes.map((change) => `  - ${describeChange(change)}`);
  return [...diffs.flatMap((diff) => [diff, '']), ...list, ...(list.length > 0 ? [''] : []), end].join('\n');
}

type Asking = Pick<Call, 'console'> & { readonly options: { readonly yes: boolean; readonly quiet: boolean } };

/** Shows the changes and asks, unless that was answered before. @throws CONFIRMATION_NEEDED, NOT_CONFIRMED */
export function agreeTo(call: Asking, plan: Planned, question: string): Promise<void> {
  return agree(call, installationText(plan, ''), question);
}

/** The same, with what is to be changed as text. @throws CONFIRMATION_NEEDED, NOT_CONFIRMED */
export async function agree({ options, console }: Asking, text: string, question: string): Promise<void> {
  if (!options.quiet) console.err(`${text}\n`);
  if (options.yes) return;
  const agreed = await console.confirm(question);
  if (agreed !== true) throw agreed === undefined ? fail('CONFIRMATION_NEEDED', {}) : fail('NOT_CONFIRMED', {});
}

/** Only OpenNebula itself knows when that suits. */
export const RESTART = { kind: 'command', argv: ['systemctl', 'restart', 'opennebula'] } as const satisfies Change;

/** Each change on stderr, as it is made. */
export function progressOf({ options, console }: Pick<Call, 'options' | 'console'>) {
  const print = (line: string) => console.err(options.json ? `${JSON.stringify({ done: line })}\n` : `✓ ${line}\n`);
  return { signal: console.signal, report: options.quiet ? () => {} : print };
}
