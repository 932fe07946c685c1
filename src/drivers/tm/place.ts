/**
 * Where files of VMs lie: on a host, or on the front-end while a VM is stopped or undeployed. Both run the same commands
 * for what is to be done with them.
 */
import { hostname } from 'node:os';
import { OnedockError } from '../../errors/onedock-error.ts';
import { runProcess } from '../../transport/run-process.ts';
import type { RunResult } from '../../transport/transport.ts';
import type { DockerHost, DockerHosts, HostRunOptions } from '../hosts/docker-hosts.ts';
import { fail } from './errors.ts';

export interface TransferSettings {
  readonly frontend: { readonly names: readonly string[]; readonly runsContainers: boolean };
  readonly timeouts: { readonly commandSeconds: number; readonly transferSeconds: number };
}

/** What the drivers that move files work with. */
export interface TransferServices {
  readonly hosts: DockerHosts;
  readonly settings: TransferSettings;
}

export interface Place {
  readonly name: string;
  /** Undefined for the front-end. */
  readonly host?: DockerHost;
  run(argv: readonly string[], options?: HostRunOptions): Promise<RunResult>;
}

export async function openPlace(
  machine: string,
  { hosts, settings }: TransferServices,
  signal: AbortSignal,
): Promise<Place> {
  if (isFrontend(machine, settings) && !settings.frontend.runsContainers) return FRONTEND;
  const host = await hosts.connect(machine, signal);
  return { name: machine, host, run: (argv, options) => tellingOfSpace(machine, host.run(argv, options)) };
}

/** The front-end answers to its host name, in full or short, and to the names in the settings. */
function isFrontend(machine: string, { frontend }: TransferSettings): boolean {
  const [short] = hostname().split('.');
  return machine === hostname() || machine === short || frontend.names.includes(machine);
}

/** This machine. */
export const FRONTEND: Place = {
  name: 'the front-end',
  run: (argv, options) =>
    tellingOfSpace('the front-end', runProcess({ name: 'the front-end', command: argv }, options)),
};

/** A file system that is full is no fault of the command that finds it so. @throws PLACE_FULL */
export async function tellingOfSpace<Result>(place: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof OnedockError) || !/no space left|disk quota exceeded/i.test(`${error.message} ${error.why}`))
      throw error;
    throw fail('PLACE_FULL', { place }, error);
  }
}
