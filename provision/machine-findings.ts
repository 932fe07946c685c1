/** Looks at a machine that runs, and tells of each thing of a description how it is there. */
import type { Transport } from '../src/transport/transport.ts';
import type { CompleteDescription } from './machine-description.ts';
import { PACKAGE_SYSTEMS, type PackageSystemName } from './package-system.ts';

export interface MachineFindings {
  readonly packages: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  /** Members of the groups that accounts of the description join. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly paths: ReadonlyMap<string, FoundPath>;
  /** SHA-256 in hex, of the files of the description that are there. */
  readonly digests: ReadonlyMap<string, string>;
  /** As systemd names it: `enabled`, `disabled`, `masked`, …; empty for a unit that does not exist. */
  readonly unitStates: ReadonlyMap<string, string>;
}

export interface FoundPath {
  readonly type: 'directory' | 'file' | 'link' | 'other';
  readonly mode: number;
  readonly owner: string;
  /** Of a link; else empty. */
  readonly target: string;
}

export async function findState(
  machine: Transport,
  wanted: CompleteDescription,
  packageSystem: PackageSystemName = 'deb',
): Promise<MachineFindings> {
  const { query, installed } = PACKAGE_SYSTEMS[packageSystem];
  const files = wanted.files.map(({ path }) => path);
  const paths = [...files, ...wanted.directories.map(({ path }) => path), ...wanted.links.map(({ path }) => path)];
  const units = [...wanted.units.map(({ name }) => name), ...wanted.maskedUnits];
  const groups = [...new Set(wanted.accounts.flatMap((account) => account.groups))];
  const [packages, accounts, members, found, digests, unitStates] = await Promise.all([
    ask(machine, query, wanted.packages),
    ask(
      machine,
      ['getent', 'passwd'],
      wanted.accounts.map(({ name }) => name),
    ),
    ask(machine, ['getent', 'group'], groups),
    ask(machine, ['find'], paths, ['-maxdepth', '0', '-printf', '%y\\t%m\\t%u\\t%l\\t%p\\n']),
    ask(machine, ['sha256sum', '--'], files),
    ask(machine, ['systemctl', 'show', '--property=Id,UnitFileState', '--'], units),
  ]);
  return {
    packages: new Set(matches(packages, installed, ([, name = '']) => name)),
    accounts: new Set(matches(accounts, /^([^:]+):/gm, ([, name = '']) => name)),
    members: new Map(
      matches(members, /^([^:]+):[^:]*:\d*:(.*)$/gm, ([, name = '', list = '']) => [name, list.split(',')]),
    ),
    paths: new Map(matches(found, /^(.)\t(\d+)\t(.*)\t(.*)\t(.*)$/gm, foundPath)),
    digests: new Map(matches(digests, /^([0-9a-f]{64}) {2}(.*)$/gm, ([, digest = '', path = '']) => [path, digest])),
    unitStates: new Map(
      matches(unitStates, /^Id=(.*)\nUnitFileState=(.*)$/gm, ([, id = '', state = '']) => [id, state]),
    ),
  };
}

/** Each of these programs ends with an error when one of several things is missing, and tells of the others. */
async function ask(
  machine: Transport,
  command: readonly string[],
  subjects: readonly string[],
  options: readonly string[] = [],
): Promise<string> {
  if (subjects.length === 0) return '';
  const { stdout } = await machine.run([...command, ...subjects, ...options], { acceptExitCodes: [0, 1, 2] });
  return stdout;
}

function matches<Item>(text: string, pattern: RegExp, read: (match: readonly string[]) => Item): Item[] {
  return Array.from(text.matchAll(pattern), read);
}

/** Letters of find(1), `-printf %y`. */
const TYPES: Readonly<Record<string, FoundPath['type']>> = { d: 'directory', f: 'file', l: 'link' };

function foundPath([, letter = '', mode = '', owner = '', target = '', path = '']: readonly string[]) {
  const found = { type: TYPES[letter] ?? 'other', mode: Number.parseInt(mode, 8), owner, target } as const;
  return [path, found] as const;
}
