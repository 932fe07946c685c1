/**
 * Starts a program of src/cli from a fresh clone: brings in what is missing, then goes on under the Node of the locked
 * packages. Runs on Node 18.13 and later, and imports nothing but Node's own modules. When nothing is missing it costs
 * a few stat calls.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureNodePackages, NODE, ROOT } from './node-packages.mjs';
import { usePackedLibraries } from './packed-libraries.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/** Type stripping without a flag, node:sqlite without a warning. */
const MINIMUM_NODE = [24, 4];

/** Verbs and options that only look, or that work on what `up` has made: they install no Debian package. */
const NEEDS_NO_SYSTEM_PACKAGES = new Set(
  'help -h --help -V --version --dry-run doctor status env logs ssh exec one down frontend'.split(' '),
);

/** Verbs whose machines are elsewhere: an OpenNebula that is there, and its hosts. */
const WORKS_ELSEWHERE = /^(test|install|uninstall|host (prepare|check|release))( |$)/;

/**
 * @param {'onedock' | 'one'} program
 * @param {readonly string[]} argv
 */
export async function launch(program, argv) {
  const words = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const needsNone = words.some((word) => NEEDS_NO_SYSTEM_PACKAGES.has(word)) || WORKS_ELSEWHERE.test(words.join(' '));
  if (program === 'onedock' && !needsNone) {
    ensureSystemPackages(['base', ...(words.includes('self-test') ? groupsOfTests(words) : ['sandbox'])]);
  }
  ensureNodePackages();
  if (isRecentEnough(process.versions.node)) await run(program);
  else restart(argv);
}

/** What the named projects of tests need, or all of them when none is named. */
function groupsOfTests(words) {
  const needed = {
    unit: [],
    conformance: ['conformance'],
    contract: ['contract'],
    system: ['sandbox', 'browser', 'vagrant'],
  };
  const named = Object.keys(needed).filter((project) => words.includes(project));
  return (named.length > 0 ? named : Object.keys(needed)).flatMap((project) => needed[project]);
}

async function run(program) {
  const module = createRequire(import.meta.url)('node:module');
  module.enableCompileCache(join(ROOT, 'node_modules/.cache/node'));
  await usePackedLibraries();
  const source = join(ROOT, `src/cli/${program}.ts`);
  await import(existsSync(source) ? source : join(ROOT, `dist/cli/${program}.js`));
}

/** The same command under the locked Node; signals and the exit status pass through. */
function restart(argv) {
  const child = spawn(NODE, [process.argv[1], ...argv], { stdio: 'inherit', argv0: 'node' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`onedock: ${NODE} does not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

function isRecentEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
}
