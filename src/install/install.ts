/**
 * `onedock install`: brings the drivers to an OpenNebula front-end that is there. It looks, plans, and after that makes
 * one change after the other, each of which is whole or not there; OpenNebula's own files come last, so that it never
 * calls what is missing. A second run finds nothing to do; one that was cut short is gone on with by the next.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGES } from '../../provision/packages.ts';
import { parseSettings } from '../drivers/settings.ts';
import type { Transport } from '../transport/transport.ts';
import type { Change } from './change.ts';
import { CONSOLE_CHANGES, startConsoles } from './consoles.ts';
import { driverScripts } from './driver-scripts.ts';
import { fail } from './errors.ts';
import { EDITS, ensureInstallable, type FrontEnd, findSshKey, lookAtFrontEnd } from './front-end.ts';
import { lineDiff } from './line-diff.ts';
import { findMissingPackages, installPackages } from './packages.ts';
import { NODE, ONED_CONF_PATH, PROGRAM_FOLDER, SECRETS_FOLDER, SETTINGS_PATH } from './places.ts';
import { checkWish, planRegistry, type RegistryPlan, type RegistryWish } from './registry.ts';
import type { Root } from './root.ts';
import { settingsText } from './settings-text.ts';

export interface InstallRequest {
  readonly root: Root;
  readonly registry: RegistryWish;
  /** Where commands run. */
  readonly machine: Transport;
  /** The Node that is to run the drivers. */
  readonly node: string;
  /** The drivers' program, by file name. */
  readonly programs: () => Promise<ReadonlyMap<string, Buffer>>;
  /** Secrets of a registry of ours are made for good; else they are thrown away with the plan. */
  readonly forGood: boolean;
}

export interface InstallPlan {
  readonly version: string;
  readonly changes: readonly Change[];
  /** Of OpenNebula's files, as people read them. */
  readonly diffs: readonly string[];
}

/** @throws OPENNEBULA_*, ONED_CONF_*, MARKS_DAMAGED, DRIVERS_FOREIGN, SSH_KEY_NOT_FOUND, REGISTRY_*, SETTINGS_DIFFER, PACKAGES_MISSING */
export async function planInstall(request: InstallRequest): Promise<InstallPlan> {
  const { root, registry: wish, machine, node, programs, forGood } = request;
  checkWish(wish);
  const frontEnd = await lookAtFrontEnd(root);
  await ensureInstallable(root, frontEnd);
  const sshKey = await findSshKey(root);
  const registry = await withSecretsFolder(root, forGood, (folder) => planRegistry(root, wish, folder));
  const settings = settingsText(registry.use, { onedConf: frontEnd.texts.get(ONED_CONF_PATH) ?? '', sshKey });
  const packages = await findMissingPackages(root, machine, [...PACKAGES.frontEnd, ...registry.packages]);
  const wanted: Change[] = [
    ...registry.mark,
    ...(packages.length > 0 ? installPackages(packages) : []),
    { kind: 'copy', path: NODE, from: node, mode: 0o755 },
    { kind: 'programs', path: PROGRAM_FOLDER, files: await programs() },
    ...registry.changes,
    ...CONSOLE_CHANGES,
    ...(await planSettings(root, settings, wish)),
    ...(await planScripts()),
    ...planEdits(frontEnd),
  ];
  const missing = await Promise.all(wanted.map(async (change) => ((await isMade(root, change)) ? [] : [change])));
  const changes = missing.flat();
  return {
    version: frontEnd.version,
    changes: [...changes, ...(root.hasUnits ? [...startUnits(registry, changes), ...startConsoles(changes)] : [])],
    diffs: changes.flatMap((change) =>
      change.kind === 'edit' ? [lineDiff(change.path, change.before, change.after)] : [],
    ),
  };
}

async function withSecretsFolder<Result>(root: Root, forGood: boolean, use: (folder: string) => Promise<Result>) {
  if (forGood || (await root.has(SECRETS_FOLDER))) return use(root.at(SECRETS_FOLDER));
  const folder = await mkdtemp(join(tmpdir(), 'onedock-secrets-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Settings that are there may have been edited: they stay, unless another registry is asked for than they name. */
async function planSettings(root: Root, text: string, wish: RegistryWish): Promise<Change[]> {
  const present = await root.readText(SETTINGS_PATH);
  if (present === undefined) return [{ kind: 'write', path: SETTINGS_PATH, mode: 0o644, owner: 'root', content: text }];
  const { registry } = parseSettings(present, SETTINGS_PATH);
  const wanted = parseSettings(text).registry;
  const isAsked = wish.server !== undefined;
  if (isAsked && (registry.server !== wanted.server || registry.user !== wanted.user))
    throw fail('SETTINGS_DIFFER', { path: SETTINGS_PATH });
  return [];
}

async function planScripts(): Promise<Change[]> {
  const scripts = await driverScripts();
  return scripts.map(({ path, content }) => ({ kind: 'write', path, mode: 0o755, owner: 'oneadmin', content }));
}

function planEdits({ texts }: FrontEnd): Change[] {
  return EDITS.flatMap(({ path, edit }): Change[] => {
    const before = texts.get(path) ?? '';
    return [{ kind: 'edit', path, before, after: edit.add(before), backup: true }];
  });
}

function startUnits({ units }: RegistryPlan, changes: readonly Change[]): Change[] {
  if (units.length === 0 || !changes.some((change) => 'path' in change && /registry/.test(change.path))) return [];
  return [['daemon-reload'], ['enable', ...units], ['restart', ...units]].map((words) => ({
    kind: 'command',
    argv: ['systemctl', ...words],
  }));
}

/** Whether a change finds what it would make. */
async function isMade(root: Root, change: Change): Promise<boolean> {
  if (change.kind === 'edit') return change.before === change.after;
  if (change.kind === 'programs') {
    const present = await root.list(change.path);
    const same = await Promise.all(
      [...change.files].map(async ([name, content]) => (await root.read(join(change.path, name)))?.equals(content)),
    );
    return present.length === change.files.size && same.every(Boolean);
  }
  if (change.kind === 'copy') {
    const [present, wanted] = await Promise.all([root.read(change.path), readFile(change.from)]);
    return present?.equals(wanted) ?? false;
  }
  if (change.kind === 'folder' || change.kind === 'write') {
    const [attributes, owner] = await Promise.all([root.attributes(change.path), root.owner(change.owner)]);
    if (attributes?.mode !== change.mode || attributes.user !== (owner?.user ?? 0)) return false;
    return change.kind === 'folder' || ((await root.read(change.path))?.equals(Buffer.from(change.content)) ?? false);
  }
  return false;
}
