/**
 * DOCKER of a VM template: how the container differs from what its image says. Each attribute is a row that turns its
 * value into a part of the container, or says what is wrong with it. Those that reach out of the container are restricted
 * to administrators by the front-end (VM_RESTRICTED_ATTR), and allowed value by value by the driver's settings besides: a
 * front-end that was not told of the restriction gives nothing away. Pure.
 */
import { looseList } from '../../../opennebula/lists.ts';
import { isKeyOf } from '../../../opennebula/tables.ts';
import type { ContainerSpec, HostConfig } from '../../docker/docker-types.ts';
import { splitWords } from './words.ts';

/** What the driver's settings allow to VM templates. */
export interface Allowances {
  readonly capabilities: readonly string[];
  readonly devices: readonly string[];
  readonly volumes: readonly string[];
  readonly gpus: boolean;
}

/** A part of a container. `Entrypoint` and `Cmd` are the image's, before our first process stands before them. */
export type Part = Partial<Pick<ContainerSpec, 'Entrypoint' | 'Cmd' | 'Env' | 'WorkingDir' | 'User' | 'Labels'>> & {
  readonly HostConfig?: Partial<HostConfig>;
};

interface Row {
  /** A sentence for the reader of the reference. */
  readonly does: string;
  readonly example: string;
  /** By which setting values are allowed; without it everybody may. */
  readonly restricted?: keyof Allowances;
  /** @throws WrongValue */
  readonly parse: (value: string, allowed: Allowances) => Part;
}

/** The reason, as the end of a sentence that begins with the attribute. */
export class WrongValue extends Error {
  override name = 'WrongValue';
}

export const DOCKER_ATTRIBUTES = {
  ENTRYPOINT: {
    does: "The program, instead of the image's entry point; the image's command goes with that.",
    example: '/usr/sbin/nginx',
    parse: (value) => ({ Entrypoint: wordsOf(value) }),
  },
  CMD: {
    does: "Arguments of the entry point, or the command, instead of the image's and of DOCKERRUN.",
    example: "-g 'daemon off;'",
    parse: (value) => ({ Cmd: wordsOf(value) }),
  },
  ENV: {
    does: "Variables besides the image's.",
    example: "MODE=test GREETING='good day'",
    parse: (value) => ({ Env: wordsOf(value).map((word) => matching(word, /^[A-Za-z_][\w.-]*=/, 'NAME=value')) }),
  },
  WORKDIR: {
    does: 'The directory in which the command starts.',
    example: '/srv',
    parse: (value) => ({ WorkingDir: absolute(value) }),
  },
  USER: {
    does: "The user of the command, with a group if wanted, instead of the image's.",
    example: '1000:1000',
    parse: (value) => ({ User: matching(value, /^[\w.-]+(:[\w.-]+)?$/, 'a user, or user:group') }),
  },
  LABELS: {
    does: 'Labels of the container. Those of ONEDock cannot be given.',
    example: 'team=blue',
    parse: (value) => ({ Labels: labelsOf(value) }),
  },
  ULIMITS: {
    does: 'Limits of a process, soft and hard or both the same: core, cpu, data, fsize, locks, nofile, nproc, rss, stack.',
    example: 'nofile=1024:4096 core=0',
    parse: (value) => ({ HostConfig: { Ulimits: wordsOf(value).map(ulimitOf) } }),
  },
  SYSCTLS: {
    does: "Settings of the kernel that belong to the container alone: of its network, and of System V's and POSIX's queues.",
    example: 'net.ipv4.ip_unprivileged_port_start=0',
    parse: (value) => ({ HostConfig: { Sysctls: Object.fromEntries(wordsOf(value).map(sysctlOf)) } }),
  },
  SHM_SIZE: {
    does: 'Size of /dev/shm in MB, 64 unless given. It counts as memory of the VM.',
    example: '64',
    parse: (value) => ({ HostConfig: { ShmSize: positive(value) * 1024 * 1024 } }),
  },
  TMPFS: {
    does: 'Directories in memory, with `size` and `mode` if wanted.',
    example: '/run /tmp:size=64m,mode=1777',
    parse: (value) => ({ HostConfig: { Tmpfs: Object.fromEntries(wordsOf(value).map(tmpfsOf)) } }),
  },
  CAP_DROP: {
    does: 'Capabilities that the container is to be without; `ALL` for all.',
    example: 'NET_RAW',
    parse: (value) => ({ HostConfig: { CapDrop: wordsOf(value).map(capability) } }),
  },
  RESTART: {
    does: 'Only `no`: a VM whose command ends is powered off, and `onevm resume` starts it again. A hook can do so.',
    example: 'no',
    parse(value) {
      if (!/^no$/i.test(value)) throw new WrongValue('can only be `no`: OpenNebula powers off a VM whose command ends');
      return {};
    },
  },
  CAP_ADD: {
    does: 'Capabilities besides the usual ones.',
    example: 'NET_ADMIN',
    restricted: 'capabilities',
    parse: (value, { capabilities }) => ({
      HostConfig: { CapAdd: wordsOf(value).map((word) => allowed(capability(word), capabilities.map(capability))) },
    }),
  },
  DEVICES: {
    does: 'Devices of the host, with the name that they are to have inside if wanted.',
    example: '/dev/ttyUSB0:/dev/modem',
    restricted: 'devices',
    parse: (value, { devices }) => ({ HostConfig: { Devices: wordsOf(value).map((word) => deviceOf(word, devices)) } }),
  },
  VOLUMES: {
    does: 'Directories of the host: `from:to`, and `:ro` to have them read-only.',
    example: '/srv/models:/models:ro',
    restricted: 'volumes',
    parse: (value, { volumes }) => ({ HostConfig: { Mounts: wordsOf(value).map((word) => volumeOf(word, volumes)) } }),
  },
  GPUS: {
    does: "GPUs by the engine's NVIDIA runtime: `all`, how many, or their identifiers.",
    example: 'all',
    restricted: 'gpus',
    parse(value, { gpus }) {
      if (!gpus) throw new WrongValue('are not allowed by the settings of the drivers');
      return { HostConfig: { DeviceRequests: [gpuRequest(value)] } };
    },
  },
} as const satisfies Readonly<Record<string, Row>>;

export type DockerAttribute = keyof typeof DOCKER_ATTRIBUTES;

export function rowOf(name: string): Row | undefined {
  return isKeyOf(DOCKER_ATTRIBUTES, name) ? DOCKER_ATTRIBUTES[name] : undefined;
}

/** @throws WrongValue */
export function wordsOf(value: string): string[] {
  const words = splitWords(value);
  if (!words) throw new WrongValue('has a quote that is not closed, or is no list of texts');
  return words;
}

function matching(value: string, form: RegExp, wanted: string): string {
  if (!form.test(value)) throw new WrongValue(`has '${value}', which is not ${wanted}`);
  return value;
}

function allowed(value: string, values: readonly string[]): string {
  if (!values.includes(value)) throw new WrongValue(`has ${value}, which the settings of the drivers do not allow`);
  return value;
}

/** Leading nowhere else. */
function absolute(path: string): string {
  return matching(path, /^\/(?!(.*\/)?\.\.?(\/|$))[^\0:]*$/, 'an absolute path without `..`');
}

/** None of the places that are ours, or the kernel's. */
function pathInside(path: string): string {
  absolute(path);
  if (/^\/+(\.onedock|mnt|media|proc|sys|dev)?(\/|$)/.test(path) && !/^\/dev\/[^/]+$/.test(path))
    throw new WrongValue(`has ${path}, which is needed for something else`);
  return path;
}

function labelsOf(value: string): Record<string, string> {
  const labels = wordsOf(value).map((word) => matching(word, /^[\w./-]+=/, 'name=value').split(/=(.*)/s, 2));
  const own = labels.find(([name]) => name?.startsWith('org.onedock.'));
  if (own) throw new WrongValue(`has ${own[0]}, which is ONEDock's own`);
  return Object.fromEntries(labels);
}

const ULIMIT = /^(core|cpu|data|fsize|locks|nofile|nproc|rss|stack)=(-1|\d{1,15})(?::(-1|\d{1,15}))?$/;

function ulimitOf(word: string) {
  const [, Name = '', soft = '', hard = soft] = ULIMIT.exec(word) ?? [];
  if (Name === '') throw new WrongValue(`has '${word}', which is no limit that can be given`);
  return { Name, Soft: Number(soft), Hard: Number(hard) };
}

function sysctlOf(word: string): [string, string] {
  const [, name = '', value = ''] =
    /^((?:net|fs\.mqueue)\.[\w.-]+|kernel\.(?:sem|shm\w+|msg\w+))=(.+)$/.exec(word) ?? [];
  if (name === '') throw new WrongValue(`has '${word}', which is no setting of a container alone`);
  return [name, value];
}

function positive(value: string): number {
  return Number(matching(value, /^[1-9]\d{0,6}$/, 'a whole number above 0'));
}

function tmpfsOf(word: string): [string, string] {
  const [, path = '', options = ''] = /^([^:]+)(?::(.+))?$/.exec(word) ?? [];
  for (const option of options.split(',').filter((each) => each !== ''))
    matching(option, /^(size=\d+[kmg]?|mode=[0-7]{3,4})$/, 'size=… or mode=…');
  return [pathInside(path), ['nosuid', 'nodev', options].filter((each) => each !== '').join(',')];
}

function capability(word: string): string {
  return matching(word.toUpperCase().replace(/^CAP_/, ''), /^[A-Z_]+$/, 'the name of a capability');
}

function deviceOf(word: string, devices: readonly string[]) {
  const [from = '', to = from] = word.split(/:(.*)/, 2);
  return { PathOnHost: allowed(from, devices), PathInContainer: pathInside(to), CgroupPermissions: 'rwm' };
}

/** Exactly the directories that are listed: whoever may write to one could put a link there that leads elsewhere. */
function volumeOf(word: string, volumes: readonly string[]) {
  const [from = '', to = '', mode = 'rw', ...rest] = word.split(':');
  if (rest.length > 0 || !/^r[ow]$/.test(mode) || to === '')
    throw new WrongValue(`has '${word}', which is not from:to[:ro]`);
  return { Type: 'bind', Source: allowed(from, volumes), Target: pathInside(to), ReadOnly: mode === 'ro' } as const;
}

function gpuRequest(value: string) {
  const request = { Driver: '', Capabilities: [['gpu']] };
  if (/^all$/i.test(value)) return { ...request, DeviceIDs: [], Count: -1 };
  if (/^\d+$/.test(value)) return { ...request, DeviceIDs: [], Count: positive(value) };
  return { ...request, DeviceIDs: looseList(value), Count: 0 };
}
