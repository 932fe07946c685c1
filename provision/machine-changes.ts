/** What must be done on a machine so that it is as described: a comparison, and nothing else. */
import { createHash } from 'node:crypto';
import type { Account, CompleteDescription, Directory, FileEntry, Link } from './machine-description.ts';
import type { MachineFindings } from './machine-findings.ts';

export interface MachineChanges {
  readonly packages: readonly string[];
  readonly accounts: readonly Account[];
  /** Groups that accounts which are there are to join. */
  readonly memberships: readonly Membership[];
  readonly directories: readonly Directory[];
  readonly files: readonly FileEntry[];
  readonly links: readonly Link[];
  readonly maskedUnits: readonly string[];
  readonly enabledUnits: readonly string[];
  /** Units that run with files that change. */
  readonly restartedUnits: readonly string[];
}

export interface Membership {
  readonly account: string;
  readonly group: string;
}

export function planChanges(wanted: CompleteDescription, found: MachineFindings): MachineChanges {
  const differs = ({ path, mode, owner = 'root' }: Directory, type: 'directory' | 'file') => {
    const present = found.paths.get(path);
    return present?.type !== type || present.mode !== mode || present.owner !== owner;
  };
  const otherContent = ({ path, content }: FileEntry) => found.digests.get(path) !== digest(content);
  const files = wanted.files.filter((file) => differs(file, 'file') || otherContent(file));
  const enabledUnits = wanted.units.filter(({ name }) => found.unitStates.get(name) !== 'enabled');
  const starting = new Set(enabledUnits.map(({ name }) => name));
  return {
    packages: wanted.packages.filter((name) => !found.packages.has(name)),
    accounts: wanted.accounts.filter(({ name }) => !found.accounts.has(name)),
    memberships: wanted.accounts.flatMap(({ name: account, groups }) =>
      groups
        .filter((group) => found.accounts.has(account) && !found.members.get(group)?.includes(account))
        .map((group) => ({ account, group })),
    ),
    directories: wanted.directories.filter((directory) => differs(directory, 'directory')),
    files,
    links: wanted.links.filter(({ path, target }) => found.paths.get(path)?.target !== target),
    maskedUnits: wanted.maskedUnits.filter((name) => found.unitStates.get(name) !== 'masked'),
    enabledUnits: [...starting],
    restartedUnits: [...new Set(files.filter(otherContent).flatMap(({ restarts = [] }) => restarts))].filter(
      (name) => !starting.has(name),
    ),
  };
}

export function isNothing(changes: MachineChanges): boolean {
  return Object.values(changes).every((list: readonly unknown[]) => list.length === 0);
}

/** A line for each, for people. */
export function describeChanges(changes: MachineChanges): string[] {
  const { packages, accounts, memberships, directories, files, links, maskedUnits, enabledUnits, restartedUnits } =
    changes;
  return [
    ...packages.map((name) => `install the package ${name}`),
    ...accounts.map(({ name, groups }) => ['add the account', name, ...groups.map((group) => `in ${group}`)].join(' ')),
    ...memberships.map(({ account, group }) => `add ${account} to the group ${group}`),
    ...directories.map(({ path }) => `make the folder ${path}`),
    ...files.map(({ path }) => `write ${path}`),
    ...links.map(({ path, target }) => `link ${path} to ${target}`),
    ...maskedUnits.map((name) => `keep ${name} from starting`),
    ...enabledUnits.map((name) => `start ${name}, now and at boot`),
    ...restartedUnits.map((name) => `restart ${name}`),
  ];
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
