/** Makes one environment, see `python-environment.ts`: `node build-python-environment.ts <name> <folder>`, under a lock. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { completionMark, isComplete, PYTHON_ENVIRONMENTS, type PythonEnvironment } from './python-environment.ts';

const [name, folder] = process.argv.slice(2);
const environments: Readonly<Record<string, PythonEnvironment>> = PYTHON_ENVIRONMENTS;
const environment = environments[name ?? ''];
if (environment === undefined || folder === undefined) {
  throw new Error(`Usage: build-python-environment.ts ${Object.keys(environments).join('|')} FOLDER`);
}
if (!(await isComplete(folder))) await build(environment, folder);

async function build({ requirements, unpack }: PythonEnvironment, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await execa('/usr/bin/python3', ['-m', 'venv', target]);
  const pip = (...args: string[]) => execa(join(target, 'bin/python'), ['-m', 'pip', '--quiet', ...args]);
  await pip('install', ...requirements);
  if (unpack !== undefined) {
    const download = await mkdtemp(join(tmpdir(), 'onedock-wheel-'));
    try {
      await pip('download', '--no-deps', '--dest', download, unpack.requirement);
      const [wheel = ''] = await readdir(download);
      await unzip(join(target, 'bin/python'), join(download, wheel), unpack.prefix, join(target, 'collections'));
    } finally {
      await rm(download, { recursive: true });
    }
  }
  await writeFile(completionMark(target), '');
}

/** By Python, since unzip is not on every machine. */
async function unzip(python: string, wheel: string, prefix: string, target: string): Promise<void> {
  const program = [
    'import sys, zipfile',
    'wheel, prefix, target = sys.argv[1:]',
    'with zipfile.ZipFile(wheel) as z:',
    '    z.extractall(target, [n for n in z.namelist() if n.startswith(prefix)])',
  ].join('\n');
  await execa(python, ['-c', program, wheel, prefix, target]);
}
