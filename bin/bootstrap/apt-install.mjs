/**
 * Installs Debian packages as root: `node apt-install.mjs <package>…`. Services that come with them are not started:
 * their programs are used, and the machine's own Docker, bridges and ports stay as they are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Package scripts ask it whether they may start a service; 101 means no (Debian's invoke-rc.d). */
const POLICY = '/usr/sbin/policy-rc.d';

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (
    spawnSync('apt-get', ['-q', '-y', '-o', 'Dpkg::Use-Pty=0', ...args], { stdio: ['ignore', 2, 2], env }).status ?? 1
  );
}

function install(names) {
  if (aptGet('update') !== 0)
    process.stderr.write('The package lists could not be refreshed; trying with those at hand.\n');
  return aptGet('install', '--no-install-recommends', ...names);
}

const ownPolicy = !existsSync(POLICY);
try {
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  process.exitCode = install(process.argv.slice(2));
} finally {
  if (ownPolicy) rmSync(POLICY, { force: true });
}
