import { describe, expect, it } from 'vitest';
import { type VagrantPlace, vagrantDestroy, vagrantUp } from '../../../../src/sandbox/vagrant/vagrant.ts';
import { fail } from '../../../../src/transport/errors.ts';
import type { RunOptions, Transport } from '../../../../src/transport/transport.ts';

/** A machine whose Vagrant prints `output`; what it was asked is in `calls`. */
function place(output: string, calls: { argv: readonly string[]; options: RunOptions }[]): VagrantPlace {
  const local: Transport = {
    name: 'this machine',
    async run(argv, options = {}) {
      calls.push({ argv, options });
      options.onOutput?.(output);
      return { stdout: output, stderr: '', exitCode: 0 };
    },
    async put() {},
    async [Symbol.asyncDispose]() {},
  };
  return { local, sandbox: 'demo', declaration: { provider: 'lxc', box: 'mine' }, folder: '/demo/.vagrant' };
}

describe('vagrant', () => {
  it('is told all that the Vagrantfile would take from sandbox.yaml', async () => {
    const calls: { argv: readonly string[]; options: RunOptions }[] = [];
    await vagrantUp(place('', calls), ['frontend', 'host-1'], () => {});
    const [call] = calls;
    expect(call?.argv).toEqual(['vagrant', 'up', '--provider', 'lxc', 'frontend', 'host-1']);
    expect(call?.options.env?.VAGRANT_DOTFILE_PATH).toBe('/demo/.vagrant');
    expect(JSON.parse(call?.options.env?.ONEDOCK_VAGRANT ?? '')).toEqual({
      sandbox: 'demo',
      machines: ['frontend', 'host-1'],
      vagrant: { provider: 'lxc', box: 'mine' },
    });
  });

  it('tells of each machine what it does there', async () => {
    const told: [string, string][] = [];
    const output = "==> host-1: Importing base box 'mine'...\n    frontend: SSH address: 10.0.3.5:22\nBringing up\n";
    await vagrantUp(place(output, []), ['frontend', 'host-1'], (...line) => told.push(line));
    expect(told).toEqual([
      ['host-1', "Importing base box 'mine'..."],
      ['frontend', 'SSH address: 10.0.3.5:22'],
    ]);
  });

  it('that is not there is asked for by name', async () => {
    const { local, ...rest } = place('', []);
    const missing: Transport = {
      ...local,
      run: () =>
        Promise.reject(fail('COMMAND_NOT_FOUND', { place: 'this machine', line: 'vagrant', program: 'vagrant' })),
    };
    await expect(vagrantDestroy({ local: missing, ...rest }, ['host-1'])).rejects.toMatchObject({
      code: 'VAGRANT_MISSING',
    });
  });
});
