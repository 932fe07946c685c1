/**
 * The Debian packages of `debian-packages.json`: looked for by what they provide, so that a machine that has it from
 * elsewhere is left alone, and installed where the system is Debian or Ubuntu and the user is root or has sudo.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, say, stop } from './messages.mjs';

const PACKAGES = JSON.parse(readFileSync(new URL('debian-packages.json', import.meta.url), 'utf8'));
const INSTALLER = fileURLToPath(new URL('apt-install.mjs', import.meta.url));

/** Administrators' programs are not in every user's PATH. */
const SEARCH_PATH = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** @param {readonly ('base' | 'sandbox' | 'contract' | 'conformance' | 'browser' | 'vagrant')[]} groups */
export function ensureSystemPackages(groups) {
  const missing = PACKAGES.filter(({ group, provides }) => groups.includes(group) && !provides.some(isPresent));
  const needed = missing.filter(({ optional }) => !optional);
  if (needed.length > 0) ensureNeeded(needed);
  const useful = missing.filter(({ optional }) => optional);
  if (useful.length > 0) tryOptional(useful);
}

function ensureNeeded(missing) {
  const names = missing.map((entry) => entry.package);
  say(`Needed, and not on this machine:\n${missing.map(describe).join('\n')}`);
  if (!isDebian()) {
    stop(
      EXIT.PREFLIGHT,
      'This is neither Debian nor Ubuntu. Install what is named above (names are Debian’s), then try again.',
    );
  }
  if (!isRoot() && !isPresent('sudo')) {
    stop(
      EXIT.PREFLIGHT,
      `Only root can install them. As root: apt-get install --no-install-recommends ${names.join(' ')}`,
    );
  }
  if (!isRoot()) say('Installing them with sudo.');
  if (!install(names)) {
    stop(EXIT.PREFLIGHT, 'The packages above are not installed, see the messages before this one.');
  }
}

/** What some releases do not have: what needs it is left out there, and says so. */
function tryOptional(missing) {
  if (!isDebian() || (!isRoot() && !isPresent('sudo'))) return;
  say(`Not on this machine, and installed where its release has them:\n${missing.map(describe).join('\n')}`);
  if (!install(missing.map((entry) => entry.package))) say('They could not be installed; what needs them is skipped.');
}

/** @returns whether all are there */
function install(names) {
  const asRoot = isRoot() ? [] : ['sudo'];
  const [program, ...args] = [...asRoot, process.execPath, INSTALLER, ...names];
  return spawnSync(program, args, { stdio: ['inherit', 2, 2] }).status === 0;
}

function isRoot() {
  return process.getuid?.() === 0;
}

function isPresent(provided) {
  if (provided.startsWith('/')) return existsSync(provided);
  return SEARCH_PATH.some((folder) => existsSync(join(folder, provided)));
}

function isDebian() {
  if (!isPresent('apt-get') || !existsSync('/etc/os-release')) return false;
  const release = readFileSync('/etc/os-release', 'utf8');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

function describe({ package: name, purpose }) {
  return `  ${name.padEnd(24)} ${purpose}`;
}
