/**
 * `onedock uninstall`: takes the drivers out of a front-end again. OpenNebula's files come first, so that it is never
 * told of what is gone. What others have changed in them since stays.
 */
import { REGISTRY_DATA } from '../../provision/registry.ts';
import type { Change } from './change.ts';
import { CONSOLE_PATHS, stopConsoles } from './consoles.ts';
import { DRIVER } from './edit-configuration.ts';
import { EDITS, type FrontEnd, lookAtFrontEnd } from './front-end.ts';
import { lineDiff } from './line-diff.ts';
import {
  AGENTS_FOLDER,
  AUTHORITY_PATH,
  backupOf,
  COMPILED_FOLDER,
  DRIVER_FOLDERS,
  DRIVERS_PROGRAM,
  NODE,
  NODE_FOLDER,
  PASSWORD_PATH,
  PROGRAM_FOLDER,
  SECRETS_FOLDER,
  SETTINGS_PATH,
} from './places.ts';
import { REGISTRY_FOLDERS, REGISTRY_PATHS, REGISTRY_UNITS } from './registry.ts';
import type { Root } from './root.ts';

export interface UninstallPlan {
  readonly changes: readonly Change[];
  readonly diffs: readonly string[];
  /** What stays, and why. */
  readonly notes: readonly string[];
}

const OWN_PATHS = [
  ...DRIVER_FOLDERS,
  PROGRAM_FOLDER,
  NODE_FOLDER,
  AGENTS_FOLDER,
  COMPILED_FOLDER,
  SETTINGS_PATH,
  PASSWORD_PATH,
  AUTHORITY_PATH,
];

/** @param purge  whether the images of a registry of ours go as well */
export async function planUninstall(root: Root, { purge }: { readonly purge: boolean }): Promise<UninstallPlan> {
  const frontEnd = await lookAtFrontEnd(root);
  const { edits, backups, notes } = await planEdits(root, frontEnd);
  const registry = await planRegistry(root, purge);
  const present = await presentOf(root, OWN_PATHS);
  const agents = root.isThisMachine ? await planAgents(root) : [];
  const consoles = await presentOf(root, CONSOLE_PATHS);
  const changes: Change[] = [
    ...edits,
    ...agents,
    ...(root.hasUnits && consoles.length > 0 ? stopConsoles() : []),
    ...consoles.map(remove),
    ...registry.changes,
    ...present.map(remove),
    ...backups,
  ];
  return {
    changes,
    diffs: edits.flatMap((change) =>
      change.kind === 'edit' ? [lineDiff(change.path, change.before, change.after)] : [],
    ),
    notes: [...notes, ...registry.notes],
  };
}

const remove = (path: string): Change => ({ kind: 'remove', path });

/** A copy from before goes when the file is what it was; else it may still be of use. */
async function planEdits(root: Root, { texts }: FrontEnd) {
  const found = await Promise.all(
    EDITS.map(async ({ path, edit }) => {
      const before = texts.get(path) ?? '';
      const after = edit.remove(before);
      const backup = await root.readText(backupOf(path));
      const isAsBefore = backup === after;
      const change: Change = { kind: 'edit', path, before, after, backup: false };
      return {
        edits: before === after ? [] : [change],
        backups: isAsBefore ? [remove(backupOf(path))] : [],
        notes:
          backup === undefined || isAsBefore
            ? []
            : [`${path} was changed since the installation; as it was before it stays in ${backupOf(path)}.`],
      };
    }),
  );
  return {
    edits: found.flatMap(({ edits }) => edits),
    backups: found.flatMap(({ backups }) => backups),
    notes: found.flatMap(({ notes }) => notes),
  };
}

async function planRegistry(root: Root, purge: boolean): Promise<Pick<UninstallPlan, 'changes' | 'notes'>> {
  const [mark = ''] = REGISTRY_PATHS;
  if (!(await root.has(mark))) return { changes: [], notes: [] };
  const [images, paths] = await Promise.all([root.list(REGISTRY_DATA), presentOf(root, REGISTRY_PATHS)]);
  const stop: Change = { kind: 'command', argv: ['systemctl', 'disable', '--now', ...REGISTRY_UNITS] };
  const reload: Change = { kind: 'command', argv: ['systemctl', 'daemon-reload'] };
  return {
    changes: [
      ...(root.hasUnits ? [stop] : []),
      // The mark goes last, so that what a run that is cut short leaves is found.
      ...paths.toReversed().map(remove),
      remove(SECRETS_FOLDER),
      ...(purge || images.length === 0 ? [remove(REGISTRY_DATA)] : []),
      ...[...REGISTRY_FOLDERS, '/etc/onedock'].map((path): Change => ({ kind: 'remove', path, onlyIfEmpty: true })),
      ...(root.hasUnits ? [reload] : []),
    ],
    notes:
      purge || images.length === 0
        ? []
        : [`The images stay in ${REGISTRY_DATA}; \`onedock uninstall --purge\` removes them as well.`],
  };
}

/** Agents end by the program that they are. */
async function planAgents(root: Root): Promise<Change[]> {
  const sockets = await root.list(AGENTS_FOLDER);
  const ids = sockets.flatMap((name) => /^(\d+)\.sock$/.exec(name)?.[1] ?? []);
  return ids.map((id) => ({ kind: 'command', argv: [NODE, DRIVERS_PROGRAM, 'agent', 'stop', DRIVER, id, '-'] }));
}

async function presentOf(root: Root, paths: readonly string[]): Promise<string[]> {
  const present = await Promise.all(paths.map((path) => root.has(path)));
  return paths.filter((_, i) => present[i]);
}
