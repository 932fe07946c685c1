import { describe, expect, it } from 'vitest';
import { actionContext } from '../../../../src/drivers/contract/action.ts';
import type { DockerHost } from '../../../../src/drivers/hosts/docker-hosts.ts';
import { printDiskMarker } from '../../../../src/drivers/registry/disk-marker.ts';
import type { ImageRegistry } from '../../../../src/drivers/registry/image-registry.ts';
import { del } from '../../../../src/drivers/tm/onedock/delete.ts';
import { mv } from '../../../../src/drivers/tm/onedock/mv.ts';
import { mvds } from '../../../../src/drivers/tm/onedock/mvds.ts';
import type { Context } from '../../../../src/drivers/tm/onedock/services.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const SERVER = 'registry:5000';
const IMAGE = { server: SERVER, repository: 'onedock/image-3', digest: digest('a') };
const SAVED = { server: SERVER, repository: 'onedock/vm-7', digest: digest('b') };
const SOURCE = `docker://${SERVER}/onedock/image-3:latest`;
const DISK = '/var/lib/one/datastores/0/7/disk.0';

/** Hosts and a registry that do nothing, and write down in which order they were asked to. */
function record(files: Record<string, string>, hasContainer: boolean): { context: Context; log: string[] } {
  const log: string[] = [];
  const host = (name: string) =>
    ({
      name,
      docker: {
        find: async () =>
          hasContainer && name === 'host-1' ? { Id: 'c', Image: 'base', Config: { Image: 'base' } } : undefined,
        findImage: async (image: string) => (image === 'base' ? { Config: { Cmd: ['app'] } } : undefined),
        commit: async () => log.push(`${name} commit`),
        push: async () => log.push(`${name} push`),
        async ensureImage() {
          log.push(`${name} pull`);
          return true;
        },
        remove: async (container: string) => container === 'one-7' && log.push(`${name} remove container`),
        removeImage: async () => {},
        listImageNames: async () => [],
        listImages: async () => [],
      },
      helper: async (verb: string) => log.push(`${name} ${verb}`),
      async run([program = '', ...args]: readonly string[], { stdin = '' } = {}) {
        const path = args.at(-1) ?? '';
        const stdout = files[`${name}:${path}`];
        if (program === 'sh' && stdin !== '')
          log.push(`${name} mark ${stdin.trim().split('/onedock/')[1]?.split('@')[0]}`);
        if (program === 'rm') log.push(`${name} unmark`);
        return { stdout: stdout ?? '', stderr: '', exitCode: program === 'head' && stdout === undefined ? 1 : 0 };
      },
      lock: async () => ({ [Symbol.asyncDispose]: async () => {} }),
    }) as unknown as DockerHost;
  const registry = {
    parse: () => ({ server: SERVER, repository: 'onedock/image-3', tag: 'latest' }),
    referenceOfVm: () => ({ server: SERVER, repository: 'onedock/vm-7', tag: 'latest' }),
    dockerLogin: async () => undefined,
    findDigest: async () => undefined,
    writing: async () => ({ async [Symbol.asyncDispose]() {} }),
    clone: async () => log.push('registry clone'),
    delete: async ({ repository }: { repository: string }) => log.push(`registry delete ${repository.split('/')[1]}`),
    own: {
      server: SERVER,
      findManifest: async () => ({
        digest: digest('c'),
        mediaType: 'm',
        body: Buffer.from('{"config":{"digest":"x"},"layers":[]}'),
      }),
      readBlob: async () => Buffer.from('{}'),
      putBlob: async () => digest('d'),
      putManifest: async () => log.push('registry has it'),
      deleteManifest: async () => {},
    },
  } as unknown as ImageRegistry;
  const context = {
    ...actionContext({}),
    registry,
    hosts: { connect: async (name: string) => host(name), async [Symbol.asyncDispose]() {} },
    settings: {
      frontend: { names: [], runsContainers: false, datastores: '/var/lib/one/datastores', consoles: '/nowhere' },
      host: { imagesMb: 10240 },
      timeouts: { commandSeconds: 1, transferSeconds: 1 },
    },
  };
  return { context, log };
}

const marked = (host: string, image: typeof IMAGE) => ({ [`${host}:${DISK}`]: printDiskMarker(image) });

describe('tm/onedock/mv', () => {
  const argv = [`host-1:${DISK}`, `host-2:${DISK}`, '7', '0'];

  it('names what was saved before it removes the container, so that nothing is lost when it is cut short', async () => {
    const { context, log } = record(marked('host-1', IMAGE), true);
    await mv.run(argv, context);
    expect(log).toEqual([
      'host-1 vm-release',
      'host-1 commit',
      'host-1 push',
      'registry has it',
      'host-1 mark vm-7',
      'host-1 remove container',
      'host-1 vm-remove',
      expect.stringMatching(/^host-2 (pull|mark vm-7)$/),
      expect.stringMatching(/^host-2 (pull|mark vm-7)$/),
      'host-1 unmark',
    ]);
  });

  it('goes on where it was cut short: with what the marker names, when the container is gone', async () => {
    const { context, log } = record(marked('host-1', SAVED), false);
    await mv.run(argv, context);
    expect(log).toContain('host-2 mark vm-7');
    expect(log).not.toContain('host-1 push');
  });
});

describe('tm/onedock/mvds', () => {
  const argv = [`host-1:${DISK}`, SOURCE, '7', '100'];

  it('removes the container last, so that a repetition can save it again', async () => {
    const { context, log } = record(marked('host-1', SAVED), true);
    await mvds.run(argv, context);
    expect(log).toEqual([
      'host-1 commit',
      'host-1 push',
      'registry has it',
      'host-1 unmark',
      'host-1 remove container',
      'host-1 vm-remove',
      'registry delete vm-7',
      'host-1 unmark',
    ]);
  });

  it('does not put an older state over a newer one when it is repeated', async () => {
    const { context, log } = record({}, false);
    await mvds.run(argv, context);
    expect(log).not.toContain('registry clone');
  });

  it('takes the state of a VM that was stopped from the registry', async () => {
    const { context, log } = record(marked('host-1', SAVED), false);
    await mvds.run(argv, context);
    expect(log.slice(0, 2)).toEqual(['registry clone', 'host-1 unmark']);
  });
});

describe('tm/onedock/delete', () => {
  it('asks the registry only about a VM that was stopped', async () => {
    const argv = [`host-1:${DISK}`, '7', '0'];
    const never = record(marked('host-1', IMAGE), true);
    await del.run(argv, never.context);
    expect(never.log).not.toContain('registry delete vm-7');
    const stopped = record(marked('host-1', SAVED), true);
    await del.run(argv, stopped.context);
    expect(stopped.log).toContain('registry delete vm-7');
  });
});
