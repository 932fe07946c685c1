/**
 * Where agents take calls: sockets beside those of their places. The name says of which program and settings an agent is,
 * so that after an upgrade or an edit nobody calls one that knows the former ones.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface CallsPlace {
  /** Folder of the agents' sockets. */
  readonly folder: string;
  /** Files that make an agent what it is. */
  readonly madeOf: readonly string[];
}

/** For a new agent: no two have the same. */
export async function callsSocket(place: CallsPlace): Promise<string> {
  return join(place.folder, `${await prefix(place)}${process.pid}.sock`);
}

/** Of agents that may take a call, those that were killed included. */
export async function findCallsSockets(place: CallsPlace): Promise<readonly string[]> {
  const names = await readdir(place.folder).catch(() => []);
  if (names.length === 0) return [];
  const start = await prefix(place);
  return names.filter((name) => name.startsWith(start)).map((name) => join(place.folder, name));
}

async function prefix({ madeOf }: CallsPlace): Promise<string> {
  const times = await Promise.all(
    madeOf.map((path) =>
      stat(path).then(
        ({ mtimeMs }) => Math.floor(mtimeMs),
        () => 0,
      ),
    ),
  );
  return `calls-${times.join('-')}-`;
}
