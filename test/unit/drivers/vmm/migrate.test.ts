import { describe, expect, it } from 'vitest';
import { actionContext } from '../../../../src/drivers/contract/action.ts';
import type { DockerHost, DockerHosts } from '../../../../src/drivers/hosts/docker-hosts.ts';
import { migrate } from '../../../../src/drivers/vmm/onedock/migrate.ts';
import { containerOf } from '../../../support/recording-docker-host.ts';
import { requestDocument } from '../../../support/vm-documents.ts';

const IMAGE = `registry:5000/i@sha256:${'0'.repeat(64)}`;
const SETTINGS = {
  host: { shim: '/bin/busybox' },
  container: { pidsLimit: 10, capabilities: [], devices: [], volumes: [], gpus: false },
  frontend: { datastores: '/var/lib/one/datastores', consoles: '/nowhere' },
  timeouts: { shutdownSeconds: 3, transferSeconds: 60 },
};

/** Two hosts that can, and VM 5 on the first. @param fails  steps that fail, as the log has them, each from its so many-th time on */
function between(fails: Readonly<Record<string, number>> = {}, { thereAlready = false } = {}) {
  const log: string[] = [];
  const times = new Map<string, number>();
  const step = async (line: string) => {
    log.push(line);
    const time = (times.get(line) ?? 0) + 1;
    times.set(line, time);
    if (time >= (fails[line] ?? Number.POSITIVE_INFINITY)) throw new Error(`${line} failed`);
  };
  const hostOf = (name: string) => {
    const paused = thereAlready && name === 'here';
    const running = containerOf(5, { status: 'running', image: IMAGE });
    const layer = { GraphDriver: { Name: 'overlay2', Data: { UpperDir: '/d/overlay2/a/diff' } } };
    let container: object | undefined =
      name === 'here' || thereAlready
        ? { ...running, ...layer, State: { ...running.State, Paused: paused } }
        : undefined;
    return {
      name,
      docker: {
        find: async () => container,
        ensureImage: async () => false,
        findImageConfig: async () => ({ Cmd: ['app'] }),
        info: async () => ({ ExperimentalBuild: true, Driver: 'overlay2', DockerRootDir: '/d' }),
        traits: async () => ({ processors: 2, owners: undefined, hasControlGroups: true }),
        pause: () => step(`${name}: pause`),
        unpause: () => step(`${name}: unpause`),
        async create() {
          await step(`${name}: create`);
          container = { ...running, ...layer };
        },
        async remove() {
          await step(`${name}: remove`);
          container = undefined;
        },
        checkpoints: {
          areKnown: async () => true,
          create: () => step(`${name}: checkpoint`),
          start: () => step(`${name}: start`),
        },
      },
      async helper(verb: string) {
        if (verb === 'live-check') return 'criu 4.2\n';
        await step(`${name}: ${verb}`);
        return verb === 'vm-prepare' ? `docker://${IMAGE}\n` : '';
      },
      async run([program]: readonly string[]) {
        return { stdout: '', stderr: '', exitCode: program === 'test' ? 1 : 0 };
      },
      receive: () => step(`${name}: receive`),
      send: () => step(`${name}: send`),
      lock: async () => ({ async [Symbol.asyncDispose]() {} }),
    } as unknown as DockerHost;
  };
  const known: Record<string, DockerHost> = { here: hostOf('here'), there: hostOf('there') };
  const hosts = { connect: async (name: string) => known[name] } as unknown as DockerHosts;
  const context = {
    ...actionContext({ stdin: requestDocument({ id: 5, host: 'here' }) }),
    hosts,
    registry: { dockerLogin: async () => undefined },
    settings: SETTINGS,
  };
  return { log, migrate: () => migrate.run(['one-5', 'there', 'here', '5', 'here'], context) };
}

describe('migrate', () => {
  it('lets go of the VM where it was only when it runs where it is to be', async () => {
    const { log, migrate } = between();
    await migrate();
    expect(log).toEqual([
      'there: remove',
      ...['here: pause', 'here: vm-hold', 'here: checkpoint', 'here: vm-pack', 'here: receive', 'there: send'],
      ...[
        'there: vm-prepare',
        'there: create',
        'there: vm-unpack',
        'there: start',
        'there: vm-settle',
        'there: vm-connect',
      ],
      ...['here: remove', 'here: vm-release', 'here: vm-remove'],
    ]);
  });

  it.each([
    'here: vm-hold',
    'here: checkpoint',
    'here: vm-pack',
    'there: send',
    'there: vm-prepare',
    'there: create',
    'there: vm-unpack',
    'there: start',
    'there: vm-connect',
  ])('lets it go on where it was, once nothing is there, when this fails: %s', async (failing) => {
    const { log, migrate } = between({ [failing]: 1 });
    await expect(migrate()).rejects.toThrow(`${failing} failed`);
    expect(log.slice(log.indexOf(failing) + 1)).toEqual([
      'there: remove',
      'here: vm-free',
      'here: unpause',
      'there: vm-remove',
    ]);
  });

  it('lets it go on where it was when the other host is lost before the VM could begin there', async () => {
    const { log, migrate } = between({ 'there: send': 1, 'there: remove': 2, 'there: vm-remove': 1 });
    await expect(migrate()).rejects.toThrow('there: send failed');
    expect(log).toContain('here: unpause');
  });

  it('leaves it standing still when the other host is lost while it begins there: there must not be two', async () => {
    const { log, migrate } = between({ 'there: start': 1, 'there: remove': 2 });
    await expect(migrate()).rejects.toMatchObject({ code: 'MIGRATION_IN_DOUBT' });
    expect(log).not.toContain('here: unpause');
  });

  it('finishes what somebody else has begun', async () => {
    const { log, migrate } = between({}, { thereAlready: true });
    await migrate();
    expect(log).toEqual([
      'there: vm-settle',
      'there: vm-connect',
      'here: remove',
      'here: vm-release',
      'here: vm-remove',
    ]);
  });
});
