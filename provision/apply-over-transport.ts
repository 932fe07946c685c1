/**
 * Makes a machine that runs what a description says: looks, does what is missing, looks again. The transport's user
 * must be root. A second run finds nothing to do.
 */
import type { Transport } from '../src/transport/transport.ts';
import { fail } from './errors.ts';
import { describeChanges, isNothing, type MachineChanges, planChanges } from './machine-changes.ts';
import type { Account, CompleteDescription, Directory, FileEntry } from './machine-description.ts';
import { findState } from './machine-findings.ts';
import { PACKAGE_SYSTEMS, type PackageSystemName } from './package-system.ts';

const INSTALL_TIMEOUT_SECONDS = 1200;

/**
 * @returns what was changed
 * @throws MACHINE_DIFFERS when something is not as it was just made
 */
export async function applyOverTransport(
  machine: Transport,
  wanted: CompleteDescription,
  packageSystem: PackageSystemName = 'deb',
): Promise<MachineChanges> {
  const plan = async () => planChanges(wanted, await findState(machine, wanted, packageSystem));
  const changes = await plan();
  if (isNothing(changes)) return changes;
  await installPackages(machine, changes.packages, packageSystem);
  await carryOut(machine, changes);
  const left = await plan();
  if (!isNothing(left)) throw fail('MACHINE_DIFFERS', { place: machine.name, differences: describeChanges(left) });
  return changes;
}

async function carryOut(machine: Transport, changes: MachineChanges): Promise<void> {
  for (const account of changes.accounts) await addAccount(machine, account);
  for (const { account, group } of changes.memberships)
    await machine.run(['usermod', '--append', '--groups', group, account]);
  for (const directory of changes.directories) await makeDirectory(machine, directory);
  for (const file of changes.files) await writeFile(machine, file);
  for (const { path, target } of changes.links) await machine.run(['ln', '-sfn', target, path]);
  await startUnits(machine, changes);
}

async function installPackages(
  machine: Transport,
  packages: readonly string[],
  packageSystem: PackageSystemName,
): Promise<void> {
  if (packages.length === 0) return;
  const options = { timeoutSeconds: INSTALL_TIMEOUT_SECONDS, env: { DEBIAN_FRONTEND: 'noninteractive' } };
  for (const command of PACKAGE_SYSTEMS[packageSystem].install(packages)) await machine.run(command, options);
}

async function addAccount(machine: Transport, { name, id, home, shell, groups }: Account): Promise<void> {
  await machine.run(['groupadd', '--force', '--gid', `${id}`, name]);
  const membership = groups.length === 0 ? [] : ['--groups', groups.join(',')];
  const place = ['--home-dir', home, '--no-create-home', '--shell', shell];
  await machine.run(['useradd', '--uid', `${id}`, '--gid', `${id}`, ...place, '--password', '*', ...membership, name]);
}

async function makeDirectory(machine: Transport, { path, mode, owner = 'root' }: Directory): Promise<void> {
  // install(1) gives the owner's name only; a group is the user's own, of the same name.
  await machine.run(['install', '-d', '-m', mode.toString(8), '-o', owner, '-g', owner, path]);
}

/** Whoever opens the file sees all of it or none. */
const RECEIVE =
  'umask 077 && mkdir -p "$(dirname "$1")" && cat >"$1.part" && chown "$3:" "$1.part" && chmod "$2" "$1.part" && mv -f "$1.part" "$1"';

async function writeFile(machine: Transport, { path, mode, owner = 'root', content }: FileEntry): Promise<void> {
  await machine.run(['sh', '-c', RECEIVE, 'receive', path, mode.toString(8), owner], { stdin: content });
}

async function startUnits(machine: Transport, changes: MachineChanges): Promise<void> {
  const { maskedUnits, enabledUnits, restartedUnits } = changes;
  await machine.run(['systemctl', 'daemon-reload']);
  if (maskedUnits.length > 0) await machine.run(['systemctl', 'mask', '--now', ...maskedUnits]);
  if (restartedUnits.length > 0) await machine.run(['systemctl', 'try-restart', ...restartedUnits]);
  if (enabledUnits.length > 0) await machine.run(['systemctl', 'enable', '--now', ...enabledUnits]);
}
