/** What an installation, or its removal, changes, in the order in which it is done. Paths are those of the front-end. */
import { rowFor } from '../opennebula/tables.ts';

export type Change =
  /** A file of ONEDock's own, or one that takes the place of somebody else's, which is then kept beside it. */
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly mode: number;
      readonly owner: string;
      readonly content: string | Buffer;
    }
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number; readonly owner: string }
  /** A file of this machine, as the program that runs. */
  | { readonly kind: 'copy'; readonly path: string; readonly from: string; readonly mode: number }
  /** A folder of programs, in the place of the one before. */
  | { readonly kind: 'programs'; readonly path: string; readonly files: ReadonlyMap<string, Buffer> }
  /** A file of OpenNebula's: owner and mode stay. `backup` keeps it as it was beside it. */
  | {
      readonly kind: 'edit';
      readonly path: string;
      readonly before: string;
      readonly after: string;
      readonly backup: boolean;
    }
  /** With all below it; a file that ONEDock took the place of comes back. */
  | { readonly kind: 'remove'; readonly path: string; readonly onlyIfEmpty?: boolean }
  /** On this machine alone: apt, systemd. */
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly env?: Readonly<Record<string, string>> };

export type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

/** A line for people. */
export function describeChange(change: Change): string {
  return rowFor<Change, [], string>(DESCRIPTIONS, change)(change);
}

const DESCRIPTIONS: { readonly [Kind in Change['kind']]: (change: ChangeOf<Kind>) => string } = {
  write: ({ path }) => `write ${path}`,
  folder: ({ path }) => `make the folder ${path}`,
  copy: ({ path, from }) => `copy ${from} to ${path}`,
  programs: ({ path, files }) => `write ${path} (${files.size} files)`,
  edit: ({ path }) => `edit ${path}`,
  remove: ({ path, onlyIfEmpty }) => `remove ${path}${onlyIfEmpty ? ' if it is empty' : ''}`,
  command: ({ argv }) => `run ${argv.join(' ')}`,
};
