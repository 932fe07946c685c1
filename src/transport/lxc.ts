import { stat } from 'node:fs/promises';
import { fail } from './errors.ts';
import { putByShell } from './put-by-shell.ts';
import { runProcess } from './run-process.ts';
import { shellLine } from './shell-line.ts';
import type { RunOptions, RunResult, Transport } from './transport.ts';

export interface LxcContainer {
  /** As errors show it: `lxc demo-frontend`. */
  readonly label: string;
  readonly name: string;
  /** LXC's folder of containers (lxcpath). */
  readonly folder: string;
}

/** The same as a login of root has; nothing of the user's machine's environment goes along. */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LANG: 'C.UTF-8',
};

/**
 * An LXC machine of this machine, as root. Commands enter the namespaces of its first process with nsenter, which
 * takes a third of the time of lxc-attach. They stay in the control groups of ONEDock.
 */
export class LxcTransport implements Transport {
  readonly name: string;
  readonly #container: LxcContainer;
  /** As it was found last. */
  #first: FirstProcess | undefined;

  constructor(container: LxcContainer) {
    this.name = container.label;
    this.#container = container;
  }

  /** @throws MACHINE_NOT_RUNNING and what `runProcess` throws */
  async run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const pid = await this.#firstProcess();
    // A folder is opened in the machine, not here, by --wdns.
    const enter = ['nsenter', `--target=${pid}`, '--all', `--wdns=${options.cwd ?? '/'}`, '--', ...argv];
    const { folder, name } = this.#container;
    return runProcess(
      {
        name: this.name,
        command: enter,
        line: shellLine(['lxc-attach', '-P', folder, '-n', name, '--', ...argv]),
        ...(argv[0] === undefined ? {} : { program: argv[0] }),
        env: { ...ENVIRONMENT, ...options.env },
      },
      options,
    );
  }

  put(localPath: string, remotePath: string): Promise<void> {
    return putByShell(this, localPath, remotePath);
  }

  async [Symbol.asyncDispose]() {}

  /** A machine that was started again has another. */
  async #firstProcess(): Promise<number> {
    if (this.#first === undefined || (await namespaceOf(this.#first.pid)) !== this.#first.namespace)
      this.#first = await this.#findFirstProcess();
    return this.#first.pid;
  }

  async #findFirstProcess(): Promise<FirstProcess> {
    const { folder, name } = this.#container;
    const info = await runProcess(
      { name: 'this machine', command: ['lxc-info', '-P', folder, '-n', name, '-p', '-H'] },
      { acceptExitCodes: [0, 1] },
    );
    const pid = info.stdout.trim();
    const namespace = /^[1-9]\d*$/.test(pid) ? await namespaceOf(Number(pid)) : undefined;
    if (namespace === undefined) throw fail('MACHINE_NOT_RUNNING', { place: this.name });
    return { pid: Number(pid), namespace };
  }
}

interface FirstProcess {
  readonly pid: number;
  /** Which no other process with this number is the first of, as long as the machine runs. */
  readonly namespace: bigint;
}

/** Inode of a process's PID namespace; undefined when there is no such process. */
async function namespaceOf(pid: number): Promise<bigint | undefined> {
  return stat(`/proc/${pid}/ns/pid`, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );
}
