/** The command `vagrant`, with the Vagrantfile of this repository and the machines of one folder. */
import { REPOSITORY } from '../../../provision/bundle.ts';
import { OnedockError } from '../../errors/onedock-error.ts';
import type { Transport } from '../../transport/transport.ts';
import { fail } from './errors.ts';

/** The key `vagrant` of `sandbox.yaml`; the Vagrantfile has the defaults. */
export interface VagrantDeclaration {
  readonly provider?: string | undefined;
  readonly box?: string | undefined;
  readonly memoryMb?: number | undefined;
  readonly cpus?: number | undefined;
  readonly network?: string | undefined;
  readonly bridge?: string | undefined;
  readonly folder?: string | undefined;
}

export interface VagrantPlace {
  readonly local: Transport;
  readonly sandbox: string;
  readonly declaration: VagrantDeclaration;
  /** Where Vagrant keeps the machines (its VAGRANT_DOTFILE_PATH). */
  readonly folder: string;
}

/** A box may have to be fetched. */
const UP_TIMEOUT_SECONDS = 3600;
const DESTROY_TIMEOUT_SECONDS = 300;

export async function vagrantUp(
  place: VagrantPlace,
  machines: readonly string[],
  progress: (machine: string, line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { provider } = place.declaration;
  const words = ['up', ...(provider === undefined ? [] : ['--provider', provider]), ...machines];
  await vagrant(place, words, machines, {
    timeoutSeconds: UP_TIMEOUT_SECONDS,
    onOutput: (chunk) => {
      // As `==> host-1: Importing base box 'onedock'...`
      for (const [, machine = '', line = ''] of chunk.matchAll(/^(?:==>)?\s+(\S+): (.*)$/gm)) progress(machine, line);
    },
    ...(signal ? { signal } : {}),
  });
}

export async function vagrantDestroy(place: VagrantPlace, machines: readonly string[]): Promise<void> {
  await vagrant(place, ['destroy', '--force', ...machines], machines, { timeoutSeconds: DESTROY_TIMEOUT_SECONDS });
}

/** @throws VAGRANT_MISSING, COMMAND_FAILED */
async function vagrant(
  { local, sandbox, declaration, folder }: VagrantPlace,
  words: readonly string[],
  machines: readonly string[],
  options: NonNullable<Parameters<Transport['run']>[1]>,
): Promise<void> {
  const env = {
    VAGRANT_CWD: REPOSITORY,
    VAGRANT_DOTFILE_PATH: folder,
    VAGRANT_CHECKPOINT_DISABLE: '1',
    // What the Vagrantfile would otherwise take from sandbox.yaml; that it is there says that `onedock` does the rest.
    ONEDOCK_VAGRANT: JSON.stringify({ sandbox, machines, vagrant: declaration }),
  };
  try {
    await local.run(['vagrant', ...words], { ...options, env });
  } catch (error) {
    if (error instanceof OnedockError && error.code === 'COMMAND_NOT_FOUND') throw fail('VAGRANT_MISSING', {}, error);
    throw error;
  }
}
