/**
 * The consoles of one host: for each of its running VMs that has one, a port of the host, forwarded to this process. When
 * the connection is lost its ports go with it, and are opened again when the host is back.
 */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleRecord } from '../drivers/hosts/console-records.ts';
import type { DockerHost, DockerHosts } from '../drivers/hosts/docker-hosts.ts';
import { containerName, vmIdOfContainer } from '../drivers/hosts/vm-on-host.ts';
import { messageOf } from '../errors/thrown.ts';
import { Console } from './console.ts';
import { LoginGuard } from './login-guard.ts';
import { openShell } from './open-shell.ts';

export interface HostConsolesOptions {
  readonly host: string;
  readonly hosts: DockerHosts;
  readonly log: (text: string) => void;
}

interface OpenConsole extends AsyncDisposable {
  readonly record: ConsoleRecord;
}

export class HostConsoles implements AsyncDisposable {
  readonly #options: HostConsolesOptions;
  readonly #ended = new AbortController();
  readonly #run: Promise<void>;
  readonly #open = new Map<number, OpenConsole>();
  #wanted: readonly ConsoleRecord[] = [];
  /** While there is a connection: the host, and which VMs run there. */
  #reached: { readonly host: DockerHost; readonly running: Set<number> } | undefined;
  #settling: Promise<void> = Promise.resolve();
  /** VMs whose ports could not be opened, which is tried again: the connection of a server that was killed may hold them yet. */
  readonly #refused = new Set<number>();
  #retry: NodeJS.Timeout | undefined;

  constructor(options: HostConsolesOptions) {
    this.#options = options;
    this.#run = this.#keepUp(this.#ended.signal);
  }

  /** From here on these are to be there. */
  want(records: readonly ConsoleRecord[]): void {
    this.#wanted = records;
    this.#settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#run;
    clearTimeout(this.#retry);
  }

  async #keepUp(signal: AbortSignal): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.#follow(signal, () => {
          pause = FIRST_PAUSE_MS;
        });
      } catch (error) {
        if (!signal.aborted) this.#options.log(`${this.#options.host}: ${messageOf(error)}`);
      }
      this.#reached = undefined;
      await this.#settle();
      await delay(pause, undefined, { signal }).catch(() => {});
    }
  }

  /** Until the connection is lost. */
  async #follow(signal: AbortSignal, reached: () => void): Promise<void> {
    const host = await this.#options.hosts.connect(this.#options.host, signal);
    const events = await host.docker.events(signal);
    const containers = await host.docker.list({ signal });
    const running = new Set(
      containers
        .filter(({ State }) => State === 'running' || State === 'paused')
        .flatMap(({ Names }) => vmIdOfContainer(Names[0] ?? '') ?? []),
    );
    this.#reached = { host, running };
    reached();
    this.#settle();
    for await (const { Action, Actor } of events) {
      const vmId = vmIdOfContainer(Actor.Attributes.name ?? '');
      if (vmId === undefined || (Action !== 'start' && Action !== 'die')) continue;
      if (Action === 'start') running.add(vmId);
      else running.delete(vmId);
      this.#settle();
    }
  }

  /** Makes what is open the same as what should be, one change after the other. */
  #settle(): Promise<void> {
    this.#settling = this.#settling.then(async () => {
      const reached = this.#reached;
      const due = new Map(
        this.#wanted.filter(({ vmId }) => reached?.running.has(vmId)).map((record) => [record.vmId, record]),
      );
      for (const [vmId, open] of this.#open) {
        if (isSame(open.record, due.get(vmId))) continue;
        this.#open.delete(vmId);
        await open[Symbol.asyncDispose]();
      }
      for (const vmId of this.#refused) if (!due.has(vmId)) this.#refused.delete(vmId);
      for (const [vmId, record] of due) {
        if (!reached || this.#open.has(vmId)) continue;
        const open = await this.#tryToOpen(reached.host, record);
        if (open) this.#open.set(vmId, open);
        else this.#retryLater();
      }
    });
    return this.#settling;
  }

  #retryLater(): void {
    if (this.#ended.signal.aborted) return;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#settle();
    }, RETRY_MS);
  }

  async #tryToOpen(host: DockerHost, record: ConsoleRecord): Promise<OpenConsole | undefined> {
    const { log } = this.#options;
    const name = containerName(record.vmId);
    try {
      const open = await openConsole(host, record);
      this.#refused.delete(record.vmId);
      log(`${name}: VNC at ${record.host}:${record.port}`);
      if (!(await isReachable(record)))
        log(
          `${name}: ${record.host}:${record.port} cannot be reached from here. In the sshd_config of ${record.host} there has to be "GatewayPorts clientspecified", and a firewall has to let the port through.`,
        );
      return open;
    } catch (error) {
      if (!this.#refused.has(record.vmId)) log(`${name}: no VNC at ${record.host}:${record.port}. ${messageOf(error)}`);
      this.#refused.add(record.vmId);
      return undefined;
    }
  }
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const RETRY_MS = 1000;
const REACH_MS = 5000;

async function openConsole(host: DockerHost, record: ConsoleRecord): Promise<OpenConsole> {
  const guard = new LoginGuard();
  const { vmId, address, port, password } = record;
  const console = new Console({
    name: `${containerName(vmId)} on ${host.name}`,
    openShell: (columns, rows) => openShell(host, vmId, columns, rows),
  });
  const listener = await host.listen({ address, port }, async (stream, from) => {
    const now = () => performance.now() / 1000;
    if (guard.isClosed(from, now())) return stream.destroy();
    const result = await console.join(stream, password);
    if (result === 'refused') guard.failed(from, now());
    else if (result === 'shook') guard.succeeded(from);
  });
  return {
    record,
    async [Symbol.asyncDispose]() {
      console[Symbol.dispose]();
      await listener[Symbol.asyncDispose]();
    },
  };
}

/** Whether those who look can reach it, as far as this machine can tell: one that listens on its loopback is meant so. */
async function isReachable({ host, address, port }: ConsoleRecord): Promise<boolean> {
  if (/^(127\.|::1$|localhost$)/.test(address)) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: REACH_MS });
  socket.once('connect', () => resolve(true));
  for (const failure of ['error', 'timeout'] as const) socket.once(failure, () => resolve(false));
  const reached = await promise;
  socket.destroy();
  return reached;
}

function isSame(a: ConsoleRecord, b: ConsoleRecord | undefined): boolean {
  return b !== undefined && a.address === b.address && a.port === b.port && a.password === b.password;
}
