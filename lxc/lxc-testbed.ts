import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ensureSandboxSecrets } from '../provision/secrets/sandbox-secrets.ts';
import { together } from '../src/errors/together.ts';
import {
  type Leak,
  type MachineSpec,
  type MachineState,
  type NetworkSpec,
  type Progress,
  type Testbed,
  type TestbedState,
  USUAL_READY_SECONDS,
} from '../src/sandbox/testbed.ts';
import { LocalTransport } from '../src/transport/local.ts';
import { LxcTransport } from '../src/transport/lxc.ts';
import { SharedWork } from '../src/transport/shared-work.ts';
import type { Transport } from '../src/transport/transport.ts';
import { findLeaks } from './audit.ts';
import { killContainers, listRunning, startContainer } from './containers.ts';
import { fail } from './errors.ts';
import { ensureFirewall, listFirewalls } from './firewall.ts';
import { ensureLayers, type Images, pruneImages } from './images.ts';
import { INTERNET_SETTINGS, MACHINE_SETTINGS, raiseKernelSettings, restoreKernelSettings } from './kernel-settings.ts';
import { VM_NETWORK_NIC } from './machine-content.ts';
import { listMachineFolders, readMachine, reportFolder, writeMachine } from './machine-folder.ts';
import {
  containerName,
  DEFAULT_PLACES,
  machinesFolder,
  type Places,
  SANDBOX_NAME,
  sandboxesFolder,
  secretsFolder,
} from './names.ts';
import { ensureBridges, findNetworks, hasDefaultRoute, listBridges } from './networks.ts';
import { type PreparedMachine, prepareMachine } from './prepare-machine.ts';
import { clearReport, readReport, waitForReport } from './readiness.ts';
import { removeMachine, removeSandbox } from './removal.ts';

export interface LxcSettings {
  readonly places?: Places;
  /** Base address of a mirror of Debian for the machines' packages; the user's machine's own unless given. */
  readonly mirror?: string | undefined;
  /** Whether machines reach what the user's machine reaches, if that has a default route. */
  readonly internet?: boolean;
  /** How long a machine may take until its services run. */
  readonly readyTimeoutSeconds?: number;
  readonly local?: Transport;
}

const JOURNAL_LINES = 25;

/** Machines as LXC containers of the user's machine, each on an overlay of cached layers. Needs root. */
export class LxcTestbed implements Testbed {
  readonly provider = 'lxc';
  readonly vmNetwork = { port: VM_NETWORK_NIC };
  readonly #places: Places;
  readonly #mirror: string | undefined;
  readonly #wantsInternet: boolean;
  readonly #readyTimeoutSeconds: number;
  readonly #local: Transport;
  /** All machines are made at the same time, and ask the same. */
  readonly #running = new SharedWork<ReadonlySet<string>>();
  readonly #networks = new SharedWork<NetworkSpec | undefined>();
  readonly #transports = new Map<string, Transport>();
  #images: Promise<Images> | undefined;

  constructor({
    places = DEFAULT_PLACES,
    mirror,
    internet = true,
    readyTimeoutSeconds = USUAL_READY_SECONDS,
    local = new LocalTransport(),
  }: LxcSettings = {}) {
    this.#places = places;
    this.#mirror = mirror;
    this.#wantsInternet = internet;
    this.#readyTimeoutSeconds = readyTimeoutSeconds;
    this.#local = local;
  }

  async sandboxes(): Promise<string[]> {
    const [folders, bridges, firewalls] = await Promise.all([
      readdir(sandboxesFolder(this.#places)).catch(() => []),
      listBridges(this.#local),
      listFirewalls(this.#local),
    ]);
    return [...new Set([...folders, ...bridges.map(({ sandbox }) => sandbox), ...firewalls])].toSorted();
  }

  async look(sandbox: string): Promise<TestbedState> {
    const folder = machinesFolder(this.#places, sandbox);
    const [networks, folders, running] = await Promise.all([
      this.#findNetworks(sandbox),
      listMachineFolders(folder),
      this.#listRunning(folder),
    ]);
    const machines = await Promise.all(
      folders.map(async (machine): Promise<MachineState[]> => {
        const found = await readMachine(machine);
        if (!found) return [];
        const { machine: name, role, address, fingerprint } = found.labels;
        return [{ name, role, address, fingerprint, running: running.has(basename(machine)) }];
      }),
    );
    return { networks, machines: machines.flat() };
  }

  async ensureImages(progress: Progress, signal?: AbortSignal): Promise<void> {
    const builder = { local: this.#local, places: this.#places, mirror: this.#mirror };
    this.#images = ensureLayers(builder, progress, signal);
    await this.#images;
  }

  async ensureNetworks(spec: NetworkSpec): Promise<void> {
    if (!SANDBOX_NAME.test(spec.sandbox)) throw fail('SANDBOX_NAME_INVALID', { sandbox: spec.sandbox });
    // The secrets are what all machines need next.
    const secrets = ensureSandboxSecrets(secretsFolder(this.#places, spec.sandbox), spec.sandbox);
    await together(this.#makeNetworks(spec), secrets);
  }

  async #makeNetworks(spec: NetworkSpec): Promise<void> {
    const internet = this.#wantsInternet && (await hasDefaultRoute());
    await raiseKernelSettings(this.#formerSettings, { ...MACHINE_SETTINGS, ...(internet ? INTERNET_SETTINGS : {}) });
    await together(ensureBridges(this.#local, spec), ensureFirewall(this.#local, spec, internet));
  }

  /** @throws NETWORK_MISSING, MACHINE_NOT_READY, MACHINE_SERVICE_FAILED */
  async ensureMachine(spec: MachineSpec, progress: Progress, signal?: AbortSignal): Promise<void> {
    const prepared = await this.#prepare(spec, progress);
    const { folder, labels } = prepared.config;
    const [found, running] = await Promise.all([
      readMachine(folder),
      this.#listRunning(machinesFolder(this.#places, spec.sandbox)),
    ]);
    const isCurrent = found?.labels.fingerprint === labels.fingerprint;
    const isRunning = running.has(basename(folder));
    const hasFailed = (await readReport(reportFolder(folder)))?.state === 'failed';
    if (isCurrent && isRunning && !hasFailed) return this.#awaitReady(spec, folder, signal);
    await this.#make(prepared, { rewrite: !isCurrent, running }, progress);
    await this.#awaitReady(spec, folder, signal);
    progress('ready');
  }

  async removeMachine(sandbox: string, machine: string): Promise<void> {
    await removeMachine(this.#local, this.#places, sandbox, machine);
  }

  async removeSandbox(sandbox: string): Promise<void> {
    await removeSandbox(this.#local, this.#places, sandbox);
    const others = await this.sandboxes();
    await Promise.all([
      pruneImages(this.#places, others),
      ...(others.length === 0 ? [restoreKernelSettings(this.#formerSettings)] : []),
    ]);
  }

  audit(sandbox: string): Promise<Leak[]> {
    return findLeaks(this.#local, this.#places, sandbox);
  }

  transport(sandbox: string, machine: string): Transport {
    const label = `lxc ${sandbox}-${machine}`;
    const known = this.#transports.get(label);
    if (known) return known;
    const container = { name: containerName(sandbox, machine), folder: machinesFolder(this.#places, sandbox) };
    const made = new LxcTransport({ label, ...container });
    this.#transports.set(label, made);
    return made;
  }

  foregroundCommand(sandbox: string, machine: string, argv: readonly string[]): readonly string[] {
    const container = ['-P', machinesFolder(this.#places, sandbox), '-n', containerName(sandbox, machine)];
    const environment = ['--clear-env', '--keep-var=TERM', '--set-var=HOME=/root', '--set-var=LANG=C.UTF-8'];
    return ['lxc-attach', ...container, ...environment, '--', ...(argv.length > 0 ? argv : ['bash', '--login'])];
  }

  #listRunning(folder: string): Promise<ReadonlySet<string>> {
    return this.#running.run(folder, undefined, () => listRunning(this.#local, folder));
  }

  #findNetworks(sandbox: string): Promise<NetworkSpec | undefined> {
    return this.#networks.run(sandbox, undefined, () => findNetworks(this.#local, sandbox));
  }

  get #formerSettings(): string {
    return join(this.#places.state, 'kernel-settings.json');
  }

  async #prepare(spec: MachineSpec, progress: Progress): Promise<PreparedMachine> {
    if (!this.#images) await this.ensureImages(progress);
    const [images, networks] = await Promise.all([this.#images as Promise<Images>, this.#findNetworks(spec.sandbox)]);
    if (!networks) throw fail('NETWORK_MISSING', { sandbox: spec.sandbox });
    const layers = images[spec.role];
    // Not whether there is a default route at this moment: a laptop that is offline makes no other machines.
    const internet = this.#wantsInternet;
    return prepareMachine(spec, { places: this.#places, networks, layers, internet });
  }

  async #make(
    { config, content }: PreparedMachine,
    { rewrite, running }: { readonly rewrite: boolean; readonly running: ReadonlySet<string> },
    progress: Progress,
  ): Promise<void> {
    const { folder, labels } = config;
    const containers = machinesFolder(this.#places, labels.sandbox);
    const name = basename(folder);
    await killContainers(this.#local, containers, new Set([name]), running);
    if (rewrite) await writeMachine(config, content);
    await clearReport(reportFolder(folder));
    progress('starting');
    await startContainer(this.#local, containers, name);
  }

  async #awaitReady({ sandbox, name }: MachineSpec, folder: string, signal?: AbortSignal): Promise<void> {
    const seconds = this.#readyTimeoutSeconds;
    const report = await waitForReport(reportFolder(folder), seconds, signal);
    if (report?.state === 'ready') return;
    const log = await this.#journal(sandbox, name);
    if (!report) throw fail('MACHINE_NOT_READY', { machine: name, seconds, log });
    throw fail('MACHINE_SERVICE_FAILED', { machine: name, units: report.units.join(', '), log });
  }

  async #journal(sandbox: string, machine: string): Promise<string> {
    await using transport = this.transport(sandbox, machine);
    const show = ['journalctl', '--no-pager', '--priority=warning', `--lines=${JOURNAL_LINES}`];
    return transport.run(show).then(
      ({ stdout }) => stdout.trim(),
      () => 'It does not run any more.',
    );
  }
}
