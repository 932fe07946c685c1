/** A host that does nothing, answers as it is told, and writes down in which order it was asked. */
import type { ContainerInspect, ContainerStatus, ContainerSummary } from '../../src/drivers/docker/docker-types.ts';
import type { DockerHost, DockerHosts } from '../../src/drivers/hosts/docker-hosts.ts';
import { LABEL } from '../../src/drivers/hosts/vm-on-host.ts';

export interface HostTold {
  /** The container that is there, if any. */
  readonly container?: ContainerInspect | undefined;
  readonly containers?: readonly ContainerSummary[];
  /** What helper verbs print. */
  readonly prints?: Readonly<Record<string, string>>;
  /** What fails, by its line in the log without arguments. */
  readonly fails?: Readonly<Record<string, Error>>;
  readonly locked?: readonly string[];
  /** Records of imported containers, as `find` prints them. */
  readonly imported?: string;
  /** User of the image. */
  readonly user?: string;
}

export interface RecordedHost {
  readonly hosts: DockerHosts;
  readonly host: DockerHost;
  readonly log: string[];
}

export function recordingDockerHost(told: HostTold = {}): RecordedHost {
  const log: string[] = [];
  let { container } = told;
  const step = async (line: string, about = '') => {
    log.push(about === '' ? line : `${line} ${about}`);
    const failure = told.fails?.[line];
    if (failure) throw failure;
  };
  const docker = {
    find: async () => container,
    findImageConfig: async () => ({ Cmd: ['app'], User: told.user ?? '' }),
    traits: async () => ({ processors: 2, owners: undefined, hasControlGroups: true }),
    list: async () => told.containers ?? [],
    async create(name: string) {
      await step('create', name);
      container = containerOf(5, { status: 'created' });
    },
    async start(name: string, { limits }: { limits?: object } = {}) {
      await step('start', limits ? `${name} with limits` : name);
      container = containerOf(5, { status: 'running' });
    },
    stop: async (name: string) => step('stop', name),
    kill: async () => step('kill'),
    wait: async () => step('wait'),
    remove: async (name: string) => step('remove', name),
    update: async () => step('update'),
    commands: {
      run: async () => {
        await step('exec');
        return { exitCode: 0, stdout: '', stderr: '' };
      },
    },
  };
  const host = {
    name: 'host-1',
    docker,
    async helper(verb: string, args: readonly string[]) {
      await step(verb, args.join(' '));
      return told.prints?.[verb] ?? '';
    },
    async lock(name: string) {
      await step('lock', name);
      return { [Symbol.asyncDispose]: async () => void log.push(`unlock ${name}`) };
    },
    lockedVms: async () => new Set(told.locked),
    run: async () => ({ stdout: told.imported ?? '', stderr: '', exitCode: 0 }),
  } as unknown as DockerHost;
  return { hosts: { connect: async () => host, async [Symbol.asyncDispose]() {} }, host, log };
}

export function containerOf(
  vmId: number,
  { status, image = 'r/i@sha256:0', user = '' }: { status: ContainerStatus; image?: string; user?: string },
): ContainerInspect {
  const running = status === 'running';
  const state = { Status: status, Running: running, Paused: false, OOMKilled: false, Pid: running ? 42 : 0 };
  return {
    Id: 'id',
    Name: `/one-${vmId}`,
    Image: 'sha256:1',
    State: { ...state, ExitCode: 0, Error: '', StartedAt: '', FinishedAt: '' },
    Config: { Image: image, User: user, Labels: { [LABEL.vm]: String(vmId), [LABEL.image]: image } },
    HostConfig: {},
  };
}
