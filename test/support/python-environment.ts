/**
 * Python clients for the conformance tests, each in a virtual environment with pinned releases from PyPI. An environment
 * is made once below node_modules/.cache, by one process at a time, and made anew when its row changes.
 */
import { createHash } from 'node:crypto';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface PythonEnvironment {
  readonly requirements: readonly string[];
  /** A wheel of which only some files are wanted, laid below `collections`: Ansible's with all collections has 50 MB. */
  readonly unpack?: { readonly requirement: string; readonly prefix: string };
}

export const PYTHON_ENVIRONMENTS = {
  pyone: { requirements: ['pyone==7.3.80'] },
  pytest: { requirements: ['pyone==7.3.80', 'pytest==8.4.2'] },
  ansible: {
    requirements: ['pyone==7.3.80', 'ansible-core==2.19.14'],
    unpack: { requirement: 'ansible==12.3.0', prefix: 'ansible_collections/community/general/' },
  },
} as const satisfies Record<string, PythonEnvironment>;

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/onedock/python');
const BUILDER = join(import.meta.dirname, 'build-python-environment.ts');

/** The folder of an environment: `bin/python`, `bin/ansible-playbook`, `collections`. */
export async function ensurePythonEnvironment(name: keyof typeof PYTHON_ENVIRONMENTS): Promise<string> {
  const recipe = JSON.stringify(PYTHON_ENVIRONMENTS[name]);
  const folder = join(CACHE, `${name}-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`);
  if (await isComplete(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  await execa('flock', [`${folder}.lock`, process.execPath, BUILDER, name, folder], { timeout: 600_000 });
  return folder;
}

/** The last file that the builder writes. */
export function completionMark(folder: string): string {
  return join(folder, 'complete');
}

export async function isComplete(folder: string): Promise<boolean> {
  return access(completionMark(folder)).then(
    () => true,
    () => false,
  );
}
