/** docs/reference/errors.md: every code of every catalogue, by room. A room's catalogues are what its `errors.ts` and `…-errors.ts` export. */
import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ErrorEntry } from '../../src/errors/onedock-error.ts';
import { placeholders } from './placeholder.ts';

const ROOT = join(import.meta.dirname, '../..');
const CATALOGUES = '{src,provision,lxc,stacks}/**/{errors,*-errors}.ts';

export interface Catalogue {
  /** Folder of the room, from the repository's root. */
  readonly room: string;
  readonly entries: Readonly<Record<string, ErrorEntry<object>>>;
}

export async function findCatalogues(): Promise<Catalogue[]> {
  const files = (await Array.fromAsync(glob(CATALOGUES, { cwd: ROOT }))).toSorted();
  const found = await Promise.all(
    files.map(async (file) => {
      const exported: Record<string, unknown> = await import(join(ROOT, file));
      return Object.values(exported)
        .filter(isCatalogue)
        .map(({ entries }) => ({ room: dirname(file), entries }));
    }),
  );
  return found.flat();
}

export async function renderErrors(): Promise<string> {
  const rooms = (await findCatalogues()).map(renderRoom);
  return [
    '# Errors',
    'Every error that ONEDock raises on purpose has a permanent code. The sentences are shown with the names of what they fill in, as `<host>`. "Again" says whether trying the same once more can help. What OpenNebula itself answers keeps OpenNebula\'s words.',
    ...rooms,
  ].join('\n\n');
}

function renderRoom({ room, entries }: Catalogue): string {
  return [`## ${room}`, ...Object.entries(entries).map(([code, entry]) => renderEntry(code, entry))].join('\n\n');
}

function renderEntry(code: string, entry: ErrorEntry<object>): string {
  const rows = [
    ['What', say(entry.what)],
    ['Why', say(entry.why)],
    ['What to do', say(entry.todo)],
    ['Again', entry.retry ? 'can help' : ''],
  ].filter(([, text]) => text !== '');
  return [`### ${code}`, ...rows.map(([title, text]) => `- **${title}**: ${text}`)].join('\n');
}

function say(part: ErrorEntry<object>['what'] | undefined): string {
  const text = typeof part === 'function' ? part(placeholders()) : (part ?? '');
  return escapeHtml(text.replaceAll(/\s*\n\s*/g, ' '));
}

/** Markdown takes `<host>` for an element, but not within backticks. */
function escapeHtml(text: string): string {
  const parts = text.split('`');
  return parts.map((part, i) => (i % 2 === 0 ? part.replaceAll('<', '&lt;') : part)).join('`');
}

function isCatalogue(value: unknown): value is Pick<Catalogue, 'entries'> {
  return typeof value === 'function' && 'entries' in value;
}
