/** How the programs of a clone start: the libraries that they load first are packed, once for each installation. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../provision/bundle.ts';
import { LocalTransport } from '../../src/transport/local.ts';

const CACHE = join(REPOSITORY, 'node_modules/.cache/onedock/libraries');
const LIBRARIES = ['commander', 'execa', 'listr2', 'yaml', 'zod', 'zx/core'];
/** Nobody imports these, and each would bring zod's messages in forty languages. */
const NOT_IN_ZOD = ['core', 'default', 'locales', 'z'];

let packed: string;

beforeAll(async () => {
  await new LocalTransport().run([process.execPath, 'bin/onedock.mjs', '--version'], { cwd: REPOSITORY });
  packed = join(CACHE, (await readdir(CACHE)).find((name) => /^\d+$/.test(name)) ?? '');
});

describe('the packed libraries', () => {
  it('are those that are read here', async () => {
    const files = (await readdir(packed)).filter((name) => !name.includes('chunk'));
    expect(files).toEqual(expect.arrayContaining(LIBRARIES.map(fileName)));
  });

  it('leave out what nobody imports', async () => {
    const names = Object.keys(await import(join(packed, fileName('zod'))));
    expect(names.filter((name) => NOT_IN_ZOD.includes(name))).toEqual([]);
  });

  it.each(LIBRARIES)('export the names of %s', async (name) => {
    const leftOut = ['module.exports', ...(name === 'zod' ? NOT_IN_ZOD : [])];
    const names = (module: object) => Object.keys(module).filter((each) => !leftOut.includes(each));
    expect(names(await import(join(packed, fileName(name))))).toEqual(names(await import(name)));
  });
});

function fileName(library: string): string {
  return `${library.replace('/', '-')}.mjs`;
}
