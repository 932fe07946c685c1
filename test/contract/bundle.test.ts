/** The programs of a front-end machine, bundled and started where there are no sources and no node_modules. */
import { access, chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileAhead } from '../../lxc/compile-ahead.ts';
import { ONEADMIN } from '../../provision/base.ts';
import { bundlePrograms, isPresent, PROGRAM_NAMES } from '../../provision/bundle.ts';
import { LocalTransport } from '../../src/transport/local.ts';

const local = new LocalTransport();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onedock-bundle-'));
  await bundlePrograms(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const start = (program: string, ...args: string[]) =>
  local.run([process.execPath, join(folder, `${program}.js`), ...args], { cwd: '/', acceptExitCodes: [0, 1, 255] });

describe('the bundle', () => {
  it.each(PROGRAM_NAMES)('has %s, of which the source is there, with its launcher', async (name) => {
    expect(await isPresent(name)).toBe(true);
    await access(join(folder, name));
  });

  it('starts the front-end', async () => {
    expect((await start('frontend', '--help')).stdout).toContain('--listen');
  });

  it.skipIf(process.getuid?.() !== 0)('is taken by oneadmin’s V8 as it was compiled ahead', async () => {
    const compiled = join(folder, 'compiled');
    await compileAhead(local, folder, compiled);
    await chmod(folder, 0o755);
    const { stderr } = await execa(process.execPath, [join(folder, 'frontend.js'), '--help'], {
      uid: ONEADMIN.id,
      env: {
        NODE_COMPILE_CACHE: compiled,
        NODE_COMPILE_CACHE_PORTABLE: '1',
        NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
      },
    });
    const verdicts = stderr.split('\n').filter((line) => line.includes('V8 code cache for ESM'));
    expect(verdicts.find((line) => line.includes('/frontend.js'))).toContain('was accepted');
    expect(verdicts.filter((line) => !line.includes('was accepted'))).toEqual([]);
  });

  it('starts a command under the name by which it was called', async () => {
    await local.run(['ln', '-s', join(folder, 'one.js'), join(folder, 'onevm')]);
    const { stdout } = await local.run([process.execPath, join(folder, 'onevm'), '--help']);
    expect(stdout).toContain('onevm');
  });

  it('starts a driver action, which says what is missing', async () => {
    const { stderr, exitCode } = await start('drivers', 'datastore', 'dummy', 'monitor');
    expect({ stderr, exitCode }).toEqual({ stderr: 'Argument 1 (id) is missing.\n', exitCode: 1 });
  });

  it('starts what stands for xpath.rb', async () => {
    const argv = [process.execPath, join(folder, 'xpath.js'), '/a/b'];
    const { stdout } = await local.run(argv, { stdin: '<a><b>text</b></a>' });
    expect(stdout.replace('\0', '').trim()).toBe('text');
  });
});
