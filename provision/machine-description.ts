/**
 * What a machine of a sandbox should be, as data: packages, accounts, directories, files, links and units. Each
 * provisioning step (`base.ts`, `ssh-server.ts`, `docker-host.ts`, `registry.ts`, `front-end.ts`) returns such a
 * description and touches nothing. Two appliers bring it about: `apply-to-root.ts` writes it into a directory from
 * which a machine will start, `apply-over-transport.ts` looks, acts and checks on a machine that runs.
 */

export interface MachineDescription {
  /** Debian's names. */
  readonly packages?: readonly string[];
  readonly accounts?: readonly Account[];
  readonly directories?: readonly Directory[];
  readonly files?: readonly FileEntry[];
  readonly links?: readonly Link[];
  /** Started at boot. */
  readonly units?: readonly EnabledUnit[];
  /** Kept from starting, also by other units. */
  readonly maskedUnits?: readonly string[];
}

/** A user with a group of its own of the same name and id. It has no password: it logs in with a key or not at all. */
export interface Account {
  readonly name: string;
  readonly id: number;
  readonly home: string;
  readonly shell: string;
  /** Existing groups that it joins besides its own. */
  readonly groups: readonly string[];
}

interface Entry {
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** Name of a user of the machine; its group is the user's own. root unless given. */
  readonly owner?: string;
}

export type Directory = Entry;

export interface FileEntry extends Entry {
  readonly content: string | Buffer;
  /** Units to restart when the content of a running machine's file was changed. */
  readonly restarts?: readonly string[];
}

export interface Link {
  readonly path: string;
  readonly target: string;
}

export interface EnabledUnit {
  readonly name: string;
  /** The target whose start brings it up. */
  readonly wantedBy: 'multi-user.target' | 'timers.target' | 'sockets.target' | 'sysinit.target' | 'basic.target';
}

export type CompleteDescription = Required<MachineDescription>;

/** One description of several: everything of each, in order. Of entries with the same path the last one counts. */
export function combine(...parts: readonly MachineDescription[]): CompleteDescription {
  return {
    packages: [...new Set(parts.flatMap(({ packages = [] }) => packages))],
    accounts: lastOf(parts, 'accounts', ({ name }) => name),
    directories: lastOf(parts, 'directories', ({ path }) => path),
    files: lastOf(parts, 'files', ({ path }) => path),
    links: lastOf(parts, 'links', ({ path }) => path),
    units: lastOf(parts, 'units', ({ name }) => name),
    maskedUnits: [...new Set(parts.flatMap(({ maskedUnits = [] }) => maskedUnits))],
  };
}

type Lists = Pick<CompleteDescription, 'accounts' | 'directories' | 'files' | 'links' | 'units'>;

function lastOf<Name extends keyof Lists>(
  parts: readonly MachineDescription[],
  name: Name,
  key: (item: Lists[Name][number]) => string,
): Lists[Name][number][] {
  const items = parts.flatMap((part): readonly Lists[Name][number][] => part[name] ?? []);
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
