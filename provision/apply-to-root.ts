/**
 * Writes a description into a directory that will be, or will lie over, the root of a machine that does not run yet.
 * Nothing is run. Packages must be there already; they are the business of whoever makes the directory.
 */
import { chmod, chown, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type AccountFiles, groupsByUser, idsByName, withAccount } from './account-files.ts';
import type { Account, CompleteDescription, Link } from './machine-description.ts';

export interface RootDirectories {
  /** Where to write. */
  readonly root: string;
  /** What lies below `root` in the machine, uppermost first: has the accounts and folders that `root` has not. */
  readonly below: readonly string[];
}

/** @throws Error when an owner is no account of the machine */
export async function applyToRoot(directories: RootDirectories, wanted: CompleteDescription): Promise<void> {
  const { root } = directories;
  const ownerOf = ownersOf(await applyAccounts(directories, wanted.accounts));
  const links = allLinks(wanted);
  for (const { path } of [...wanted.files, ...links]) await makeFolder(directories, dirname(path));
  for (const { path, mode, owner } of wanted.directories) {
    await makeFolder(directories, path);
    await setAttributes(join(root, path), mode, ownerOf(owner));
  }
  await Promise.all([
    ...wanted.files.map(async ({ path, mode, owner, content }) => {
      await writeFile(join(root, path), content);
      await setAttributes(join(root, path), mode, ownerOf(owner));
    }),
    ...links.map(async ({ path, target }) => {
      await rm(join(root, path), { force: true });
      await symlink(target, join(root, path));
    }),
  ]);
}

/** Enabling and masking a unit is making a link; systemd goes by the link's name (systemd.unit(5)). */
function allLinks({ links, units, maskedUnits }: CompleteDescription): readonly Link[] {
  const folder = '/etc/systemd/system';
  return [
    ...links,
    ...units.map(({ name, wantedBy }) => ({
      path: `${folder}/${wantedBy}.wants/${name}`,
      target: `${folder}/${name}`,
    })),
    ...maskedUnits.map((name) => ({ path: `${folder}/${name}`, target: '/dev/null' })),
  ];
}

/** In an overlay the uppermost folder's owner and mode count, so a folder that exists below is made alike. */
async function makeFolder({ root, below }: RootDirectories, path: string): Promise<void> {
  if (path === '/' || (await isThere(join(root, path)))) return;
  await makeFolder({ root, below }, dirname(path));
  await mkdir(join(root, path));
  for (const lower of below) {
    const found = await stat(join(lower, path)).catch(() => undefined);
    if (!found?.isDirectory()) continue;
    await setAttributes(join(root, path), found.mode & 0o7777, { user: found.uid, group: found.gid });
    return;
  }
}

async function applyAccounts({ root, below }: RootDirectories, wanted: readonly Account[]): Promise<AccountFiles> {
  const [passwd, shadow, group] = await Promise.all(
    ['passwd', 'shadow', 'group'].map((name) => readFirst([root, ...below].map((each) => join(each, 'etc', name)))),
  );
  const present = { passwd: passwd ?? '', shadow: shadow ?? '', group: group ?? '' };
  const complete = wanted.reduce(withAccount, present);
  await makeFolder({ root, below }, '/etc');
  for (const name of ['passwd', 'shadow', 'group'] as const) {
    if (complete[name] === present[name]) continue;
    const place = join(root, 'etc', name);
    await writeFile(place, complete[name]);
    await chmod(place, name === 'shadow' ? 0o640 : 0o644);
  }
  return complete;
}

interface Owner {
  readonly user: number;
  readonly group: number;
}

function ownersOf({ passwd }: AccountFiles): (name?: string) => Owner {
  const users = idsByName(passwd);
  const groups = groupsByUser(passwd);
  return (name = 'root') => {
    const user = users.get(name);
    if (user === undefined) throw new Error(`The machine has no account ${name}.`);
    return { user, group: groups.get(name) ?? user };
  };
}

async function setAttributes(path: string, mode: number, { user, group }: Owner): Promise<void> {
  await chown(path, user, group);
  await chmod(path, mode);
}

async function readFirst(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
