/**
 * Installs Debian packages as root: `node apt-install.mjs <package>…`. Services that come with them are neither started
 * nor enabled: only their programs are used, and the machine's own Docker, bridges and ports stay as they are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Package scripts ask it whether they may start a service; 101 means no (Debian's invoke-rc.d). */
const POLICY = '/usr/sbin/policy-rc.d';
const NO_SERVICES = '#!/bin/sh\n# Written by ONEDock for the time of an installation.\nexit 101\n';

const names = process.argv.slice(2);
const packages = JSON.parse(readFileSync(new URL('debian-packages.json', import.meta.url), 'utf8'));

/** The machine has a policy of its own, which is not ours to touch. */
const isForeign = existsSync(POLICY) && readFileSync(POLICY, 'utf8') !== NO_SERVICES;
try {
  if (!isForeign) writeFileSync(POLICY, NO_SERVICES, { mode: 0o755 });
  process.exitCode = install();
} finally {
  if (!isForeign) rmSync(POLICY, { force: true });
}
disableServices();

function install() {
  if (run('apt-get', ['-q', 'update']) !== 0) {
    process.stderr.write('The package lists could not be refreshed; trying with those at hand.\n');
  }
  return run('apt-get', ['-q', '-y', '-o', 'Dpkg::Use-Pty=0', 'install', '--no-install-recommends', ...names]);
}

/** Only packages that were missing are named, so none of these was enabled by the user. */
function disableServices() {
  const units = packages.filter((each) => names.includes(each.package)).flatMap((each) => each.units ?? []);
  if (units.length > 0 && existsSync('/run/systemd/system')) run('systemctl', ['disable', '--quiet', ...units]);
}

function run(program, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { stdio: ['ignore', 2, 2], env }).status ?? 1;
}
