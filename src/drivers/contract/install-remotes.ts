import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DriverTable } from './driver-table.ts';
import { ACTION_FAMILIES, ACTIONS_OF_FAMILY } from './families.ts';

export interface RemotesOptions {
  /** The bundle that has `runExecutable` at its end, and the program that runs it. */
  readonly bundlePath: string;
  readonly nodePath: string;
  /** Names of drivers to install; all unless given. Under a real OpenNebula only ours: it brings `fs` or `dummy` itself. */
  readonly drivers?: readonly string[];
}

export interface RemotesScript {
  /** Below the remotes folder: `<family>/<driver>/<action>`. */
  readonly path: string;
  readonly content: string;
}

/**
 * The files that OpenNebula calls, for every action of a table. Each is a shell script of two lines and not a link:
 * OpenNebula copies the folder to each host and follows links, so that each would become a copy of the whole bundle.
 */
export async function remotesScripts<Services>(
  table: DriverTable<Services>,
  { bundlePath, nodePath, drivers }: RemotesOptions,
): Promise<readonly RemotesScript[]> {
  const folders = (await listFolders(table)).filter(({ driver }) => drivers?.includes(driver) ?? true);
  return folders.flatMap(({ family, driver, actions }) =>
    actions.map((action) => {
      return { path: join(family, driver, action), content: script([nodePath, bundlePath, family, driver, action]) };
    }),
  );
}

/**
 * A shell script that hands its arguments to a program of Node, which keeps what it compiles for the next time: a tenth of
 * a short action. Without a home nothing is kept.
 */
export function script(command: readonly string[]): string {
  return `#!/bin/sh
export NODE_COMPILE_CACHE="\${HOME:+$HOME/.cache/onedock}"
exec ${command.map(quote).join(' ')} "$@"
`;
}

/** Writes them into a remotes folder. Files that are there are replaced, others stay. @returns the files written */
export async function installRemotes<Services>(
  root: string,
  table: DriverTable<Services>,
  options: RemotesOptions,
): Promise<readonly string[]> {
  const scripts = await remotesScripts(table, options);
  return Promise.all(
    scripts.map(async ({ path, content }) => {
      const place = join(root, path);
      await mkdir(dirname(place), { recursive: true });
      await writeExecutable(place, content);
      return place;
    }),
  );
}

/** Folders of all drivers, with the actions in each. */
async function listFolders<Services>(table: DriverTable<Services>) {
  const monitoring = Object.entries(table.im).map(async ([driver, { load }]) => {
    const { probes = {} } = await load();
    return { family: 'im' as const, driver, actions: Object.keys(probes) };
  });
  const others = ACTION_FAMILIES.flatMap((family) =>
    Object.keys(table[family]).map((driver) => ({ family, driver, actions: Object.keys(ACTIONS_OF_FAMILY[family]) })),
  );
  return [...others, ...(await Promise.all(monitoring))].filter(({ actions }) => actions.length > 0);
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A file is always whole, since OpenNebula may call it at any time. */
async function writeExecutable(path: string, content: string): Promise<void> {
  const temporary = `${path}.new`;
  await writeFile(temporary, content);
  await chmod(temporary, 0o755);
  await rename(temporary, path);
}
