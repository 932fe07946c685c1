/**
 * Writes a description into a directory that will be, or will lie over, the root of a machine that does not run yet.
 * Nothing is run. Packages must be there already; they are the business of whoever makes the directory. One call after
 * the other: for some dozens of small files that takes a tenth of what it takes through Node's pool of threads.
 */
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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
export function applyToRoot(directories: RootDirectories, wanted: CompleteDescription): void {
  const { root } = directories;
  const ownerOf = ownersOf(applyAccounts(directories, wanted.accounts));
  for (const { path, mode, owner } of wanted.directories) {
    makeFolder(directories, path);
    setAttributes(join(root, path), mode, ownerOf(owner));
  }
  for (const { path, mode, owner, content } of wanted.files) {
    makeFolder(directories, dirname(path));
    writeFileSync(join(root, path), content, { mode });
    setAttributes(join(root, path), mode, ownerOf(owner));
  }
  for (const { path, target } of allLinks(wanted)) {
    makeFolder(directories, dirname(path));
    rmSync(join(root, path), { force: true });
    symlinkSync(target, join(root, path));
  }
}

/** Enabling and masking a unit is making a link; systemd goes by the link's name (systemd.unit(5)). */
export function allLinks({ links, units, maskedUnits }: CompleteDescription): readonly Link[] {
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
function makeFolder({ root, below }: RootDirectories, path: string): void {
  if (path === '/' || statSync(join(root, path), ABSENT_IS_FINE)) return;
  makeFolder({ root, below }, dirname(path));
  mkdirSync(join(root, path));
  for (const lower of below) {
    const found = statSync(join(lower, path), ABSENT_IS_FINE);
    if (!found?.isDirectory()) continue;
    setAttributes(join(root, path), found.mode & 0o7777, { user: found.uid, group: found.gid });
    return;
  }
}

const ABSENT_IS_FINE = { throwIfNoEntry: false } as const;

function applyAccounts({ root, below }: RootDirectories, wanted: readonly Account[]): AccountFiles {
  const read = (name: string) => readFirst([root, ...below].map((each) => join(each, 'etc', name))) ?? '';
  const present = { passwd: read('passwd'), shadow: read('shadow'), group: read('group') };
  const complete = wanted.reduce(withAccount, present);
  makeFolder({ root, below }, '/etc');
  for (const name of ['passwd', 'shadow', 'group'] as const) {
    if (complete[name] === present[name]) continue;
    const place = join(root, 'etc', name);
    const mode = name === 'shadow' ? 0o640 : 0o644;
    writeFileSync(place, complete[name], { mode });
    chmodSync(place, mode);
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

function setAttributes(path: string, mode: number, { user, group }: Owner): void {
  chownSync(path, user, group);
  chmodSync(path, mode);
}

function readFirst(paths: readonly string[]): string | undefined {
  const found = paths.find((path) => statSync(path, ABSENT_IS_FINE));
  return found && readFileSync(found, 'utf8');
}
