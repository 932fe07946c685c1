/** What DOCKER of a VM, and DOCKERRUN of its image, make of its container. Pure. */
import type { ImageConfig } from '../../docker/docker-types.ts';
import { fail } from '../errors.ts';
import { type Allowances, DOCKER_ATTRIBUTES, type Part, rowOf, WrongValue, wordsOf } from './docker-attributes.ts';

export interface DockerSection {
  /** DOCKER of the VM; names are in capitals. */
  readonly attributes: Readonly<Record<string, string>>;
  /** DOCKERRUN: the command for images that need another than their own, as the first ONEDock had it. */
  readonly dockerRun: string;
}

/**
 * @param vm  whose memory is the most that parts of it may take
 * @throws DOCKER_ATTRIBUTE_WRONG with all that is wrong
 */
export function partsOf(
  { attributes, dockerRun }: DockerSection,
  vm: { readonly id: number; readonly memoryMb: number },
  allowed: Allowances,
): Part {
  const problems: string[] = [];
  const parse = (name: string, read: () => Part): Part => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      problems.push(`${name} ${error.message}.`);
      return {};
    }
  };
  const parts = Object.entries(attributes).map(([name, value]) => {
    const row = rowOf(name);
    if (row) return parse(`DOCKER/${name}`, () => row.parse(value, allowed));
    problems.push(`DOCKER/${name} is none of ${Object.keys(DOCKER_ATTRIBUTES).join(', ')}.`);
    return {};
  });
  const run = dockerRun.trim() === '' ? {} : parse('DOCKERRUN', () => ({ Cmd: wordsOf(dockerRun) }));
  const part = [run, ...parts].reduce(merged, {});
  problems.push(...contradictions(part, vm.memoryMb));
  if (problems.length > 0) throw fail('DOCKER_ATTRIBUTE_WRONG', { vmId: vm.id, problems });
  return part;
}

/** What the image would say if it were as the VM wants it. As with `docker run`, an entry point takes the command with it. */
export function wantedConfig(config: ImageConfig, { Entrypoint, Cmd, User, WorkingDir }: Part): ImageConfig {
  return {
    ...config,
    ...(Entrypoint ? { Entrypoint, Cmd: [] } : {}),
    ...(Cmd ? { Cmd } : {}),
    ...(User === undefined ? {} : { User }),
    ...(WorkingDir === undefined ? {} : { WorkingDir }),
  };
}

function merged(a: Part, b: Part): Part {
  return { ...a, ...b, HostConfig: { ...a.HostConfig, ...b.HostConfig } };
}

function contradictions({ HostConfig: host = {} }: Part, memoryMb: number): string[] {
  const { CapAdd = [], CapDrop = [], ShmSize = 0, Tmpfs = {}, Mounts = [] } = host;
  const both = CapAdd.find((name) => CapDrop.includes(name));
  const twice = Mounts.find(({ Target }) => Target in Tmpfs);
  return [
    ...(both === undefined ? [] : [`DOCKER/CAP_ADD and DOCKER/CAP_DROP both have ${both}.`]),
    ...(ShmSize > memoryMb * 1024 * 1024 ? [`DOCKER/SHM_SIZE is more than the ${memoryMb} MB of the VM.`] : []),
    ...(twice === undefined ? [] : [`DOCKER/VOLUMES and DOCKER/TMPFS both have ${twice.Target}.`]),
  ];
}
