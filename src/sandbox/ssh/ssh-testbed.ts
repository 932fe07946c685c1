import { mkdir, readdir, rm } from 'node:fs/promises';
import { bundleLayer } from '../../../lxc/bundle-layer.ts';
import { layersFolder } from '../../../lxc/images.ts';
import { ensureLayer } from '../../../lxc/layer-store.ts';
import { DEFAULT_PLACES, type Places, sandboxesFolder, sandboxFolder, secretsFolder } from '../../../lxc/names.ts';
import { findNetworks, listLinks } from '../../../lxc/networks.ts';
import { nodeLayer } from '../../../lxc/node-layer.ts';
import { applyOverTransport } from '../../../provision/apply-over-transport.ts';
import { keepBefore } from '../../../provision/before.ts';
import { FRONT_END_UNIT } from '../../../provision/front-end.ts';
import { combine } from '../../../provision/machine-description.ts';
import { labelContent, type MachineLabel, readLabel } from '../../../provision/machine-label.ts';
import { OVERLAY_DEVICES, OVERLAY_MTU, PEERS_FILE, peerCommands } from '../../../provision/overlay-network.ts';
import { packageSystemOf } from '../../../provision/package-system.ts';
import { ensureMachineFits, gatherMachineFacts } from '../../../provision/preflight.ts';
import { deliverPrograms } from '../../../provision/programs.ts';
import { ROLE_UNITS } from '../../../provision/role-content.ts';
import { findLeft, findPlacesBefore, takeAway } from '../../../provision/take-away.ts';
import { OnedockError } from '../../errors/onedock-error.ts';
import { LocalTransport } from '../../transport/local.ts';
import { SshTransport } from '../../transport/ssh.ts';
import { sshCommand } from '../../transport/ssh-command.ts';
import { forwardPort } from '../../transport/ssh-forward.ts';
import { SudoTransport } from '../../transport/sudo.ts';
import type { Transport } from '../../transport/transport.ts';
import {
  type Leak,
  type MachineSpec,
  type MachineState,
  type NetworkSpec,
  type Progress,
  type Testbed,
  type TestbedState,
  USUAL_READY_SECONDS,
} from '../testbed.ts';
import { fail } from './errors.ts';
import { endOfConnection, type GivenServer, stateFolder } from './given-machines.ts';
import { givenContent } from './machine-content.ts';
import { answers, isMember, joinNetworks, leaveNetworks, meetPeers, ownAddresses } from './membership.ts';

export interface SshSettings {
  /** By their names in the sandbox. One whose machines come and go may change between two calls. */
  readonly servers: ReadonlyMap<string, GivenServer>;
  readonly readyTimeoutSeconds?: number;
  /** Whose machines they are; sandboxes of each are kept apart. */
  readonly keptAs?: 'ssh' | 'vagrant';
  readonly places?: Places;
  readonly local?: Transport;
}

const JOURNAL_LINES = 25;
/** A first packet that is lost is sent again after a second. */
const ANSWER_TIMEOUT_SECONDS = 10;

/** Machines that somebody else has set up, reached over SSH, with VXLANs as the sandbox's networks. */
export class SshTestbed implements Testbed {
  readonly provider = 'ssh';
  readonly vmNetwork = { port: OVERLAY_DEVICES.vms, mtu: OVERLAY_MTU };
  readonly forward?: NonNullable<Testbed['forward']>;
  readonly #servers: ReadonlyMap<string, GivenServer>;
  readonly #readyTimeoutSeconds: number;
  readonly #places: Places;
  readonly #local: Transport;
  readonly #peerAddresses = new Map<string, Promise<string>>();
  /**
   * Taken away by this process, so that the audit looks at them although they carry no label any more, with the places
   * at which something was before.
   */
  readonly #takenAway = new Map<string, ReadonlySet<string>>();
  #programs: Promise<readonly string[]> | undefined;
  #networks: NetworkSpec | undefined;

  constructor({
    servers,
    readyTimeoutSeconds = USUAL_READY_SECONDS,
    keptAs = 'ssh',
    places = DEFAULT_PLACES,
    local = new LocalTransport(),
  }: SshSettings) {
    this.#servers = servers;
    this.#readyTimeoutSeconds = readyTimeoutSeconds;
    this.#places = { ...places, state: stateFolder(places.state, keptAs) };
    this.#local = local;
    if (this.#reachesMachines()) return;
    this.forward = (_, machine, port) => forwardPort(new SshTransport(this.#server(machine)), port);
  }

  async sandboxes(): Promise<string[]> {
    const [folders, labels] = await Promise.all([
      readdir(sandboxesFolder(this.#places)).catch((): string[] => []),
      this.#onAll(readLabel, unlessUnreachable),
    ]);
    return [...new Set([...folders, ...labels.flatMap((label) => label?.sandbox ?? [])])].toSorted();
  }

  async look(sandbox: string): Promise<TestbedState> {
    const [joined, machines] = await Promise.all([
      this.#reachesMachines() ? isMember(this.#local, sandbox) : true,
      this.#onAll((machine) => lookAt(machine, sandbox), unlessUnreachable),
    ]);
    const own = machines.flatMap((machine) => machine ?? []);
    const [first] = own;
    const networks = first && { sandbox, management: first.label.management, vms: first.label.vms };
    return {
      networks: networks ?? (await this.#networksHere(sandbox)),
      machines: own.map(({ state }) => ({ ...state, running: state.running && joined })),
    };
  }

  async ensureImages(progress: Progress): Promise<void> {
    progress('Node and ONEDock for the front-end');
    await this.#ensurePrograms();
  }

  async ensureNetworks(spec: NetworkSpec): Promise<void> {
    this.#networks = spec;
    // By it the sandbox is found while it has no machine.
    await mkdir(sandboxFolder(this.#places, spec.sandbox), { recursive: true, mode: 0o755 });
    if (!this.#reachesMachines()) return;
    const peers = await Promise.all(Array.from(this.#servers.keys(), (name) => this.#peerAddress(name)));
    await joinNetworks(this.#local, spec, peers);
  }

  /** @throws MACHINE_NOT_GIVEN, MACHINE_UNFIT, MACHINE_NOT_STARTING, OVERLAY_SILENT, SSH_* */
  async ensureMachine(spec: MachineSpec, progress: Progress, signal?: AbortSignal): Promise<void> {
    const { sandbox, name, role } = spec;
    await using machine = this.transport(sandbox, name);
    const found = await readLabel(machine);
    const facts = await gatherMachineFacts(machine, found);
    ensureMachineFits(machine.name, facts, { sandbox, machine: name, role });
    const packageSystem = packageSystemOf(facts.system) ?? 'deb';
    const programs = role === 'frontend' ? await this.#ensurePrograms() : [];
    const { content, label } = await givenContent(spec, {
      networks: await this.#networksOf(sandbox),
      packageSystem,
      secretsFolder: secretsFolder(this.#places, sandbox),
      hostKey: facts.hostKey,
      hosts: (await machine.run(['cat', '/etc/hosts'])).stdout,
      peers: await this.#peersOf(name),
      programs,
    });
    signal?.throwIfAborted();
    if (found?.fingerprint !== label.fingerprint) {
      // First of all, so that what an interrupted run leaves is found.
      await applyOverTransport(machine, combine(labelContent({ ...label, fingerprint: '' })));
      if (!found?.fingerprint) await keepBefore(machine);
      progress('installing packages and programs');
      if (programs.length > 0) await deliverPrograms(machine, programs);
      await applyOverTransport(machine, content, packageSystem);
    }
    progress('starting');
    await this.#start(machine, spec);
    await this.#introduce(sandbox, name);
    await this.#ensureAnswers(spec);
    await applyOverTransport(machine, combine(labelContent(label)));
    progress('ready');
  }

  async removeMachine(sandbox: string, name: string): Promise<void> {
    await using machine = this.transport(sandbox, name);
    await this.#remove(machine, sandbox, name);
  }

  async removeSandbox(sandbox: string): Promise<void> {
    await this.#onAll((machine, name) => this.#remove(machine, sandbox, name));
    await leaveNetworks(this.#local, sandbox);
    this.#networks = undefined;
    // Secrets go last: a folder tells that a removal was interrupted.
    await rm(sandboxFolder(this.#places, sandbox), { recursive: true, force: true });
  }

  async audit(sandbox: string): Promise<Leak[]> {
    const [links, folders, machines] = await Promise.all([
      listLinks(this.#local, sandbox),
      readdir(sandboxesFolder(this.#places)).catch((): string[] => []),
      this.#onAll(async (machine, name): Promise<Leak[]> => {
        if ((await readLabel(machine))?.sandbox === sandbox) return [{ kind: 'machine', name }];
        const before = this.#takenAway.get(name);
        if (!before) return [];
        return (await findLeft(machine, before)).map((left) => ({ kind: left.kind, name: `${left.name} on ${name}` }));
      }),
    ]);
    return [
      ...machines.flat(),
      ...links.map((name) => ({ kind: 'link', name }) as const),
      ...(folders.includes(sandbox)
        ? [{ kind: 'directory', name: sandboxFolder(this.#places, sandbox) } as const]
        : []),
    ];
  }

  transport(_: string, machine: string): Transport {
    const server = this.#server(machine);
    const ssh = new SshTransport(server);
    return server.user === 'root' ? ssh : new SudoTransport(ssh);
  }

  foregroundCommand(_: string, machine: string, argv: readonly string[]): readonly string[] {
    const server = this.#server(machine);
    if (server.user === 'root') return sshCommand(server, argv);
    return sshCommand(server, argv.length > 0 ? ['sudo', '-n', '--', ...argv] : ['sudo', '-n', '-i']);
  }

  #server(machine: string): GivenServer {
    const server = this.#servers.get(machine);
    if (!server) throw fail('MACHINE_NOT_GIVEN', { machine, given: [...this.#servers.keys()] });
    return server;
  }

  /** Behind a jump host they are not reached by anything but SSH. */
  #reachesMachines(): boolean {
    return Array.from(this.#servers.values()).every(({ jump }) => jump === undefined);
  }

  #ensurePrograms(): Promise<readonly string[]> {
    this.#programs ??= (async () => {
      const folder = layersFolder(this.#places);
      return Promise.all([
        ensureLayer(folder, nodeLayer()),
        bundleLayer(this.#local).then((recipe) => ensureLayer(folder, recipe)),
      ]);
    })();
    this.#programs.catch(() => {
      this.#programs = undefined;
    });
    return this.#programs;
  }

  async #networksOf(sandbox: string): Promise<NetworkSpec> {
    this.#networks ??= (await this.look(sandbox)).networks;
    if (!this.#networks) throw new TypeError('Networks are made before machines.');
    return this.#networks;
  }

  /** Of a sandbox that has no machine yet. Behind a jump host only this process knows of them. */
  async #networksHere(sandbox: string): Promise<NetworkSpec | undefined> {
    if (this.#networks?.sandbox === sandbox) return this.#networks;
    return this.#reachesMachines() ? findNetworks(this.#local, sandbox) : undefined;
  }

  #peerAddress(name: string): Promise<string> {
    const address = this.#peerAddresses.get(name) ?? this.#findPeerAddress(name);
    this.#peerAddresses.set(name, address);
    address.catch(() => this.#peerAddresses.delete(name));
    return address;
  }

  async #findPeerAddress(name: string): Promise<string> {
    const server = this.#server(name);
    if (server.peerAddress !== undefined) return server.peerAddress;
    await using ssh = new SshTransport(server);
    const { stdout } = await ssh.run(['printenv', 'SSH_CONNECTION'], { acceptExitCodes: [0, 1] });
    const address = endOfConnection(stdout);
    if (address === undefined) throw fail('PEER_ADDRESS_UNKNOWN', { machine: name });
    return address;
  }

  /** All other members of the networks: given machines, whether they are in use yet or not, and this one. */
  async #peersOf(name: string): Promise<string[]> {
    const own = await this.#peerAddress(name);
    const names = Array.from(this.#servers.keys()).filter((other) => other !== name);
    const others = await Promise.all(names.map((other) => this.#peerAddress(other)));
    const here = this.#reachesMachines() ? await ownAddresses(this.#local, [own]) : [];
    return [...others, ...here];
  }

  async #start(machine: Transport, { name, role, packaged }: MachineSpec): Promise<void> {
    const seconds = this.#readyTimeoutSeconds;
    const units = ROLE_UNITS[role].filter((unit) => !(packaged && unit === FRONT_END_UNIT));
    try {
      await machine.run(['systemctl', 'start', ...units], { timeoutSeconds: seconds });
    } catch (cause) {
      const show = ['journalctl', '--no-pager', '--priority=warning', `--lines=${JOURNAL_LINES}`];
      const log = (await machine.run(show)).stdout.trim();
      throw fail('MACHINE_NOT_STARTING', { machine: name, seconds, log }, cause);
    }
  }

  /**
   * Members that were there before hear of the machine, and it of those that came while it was made: whoever is ready
   * last tells all.
   */
  async #introduce(sandbox: string, name: string): Promise<void> {
    const peer = await this.#peerAddress(name);
    if (this.#reachesMachines()) await meetPeers(this.#local, sandbox, [peer]);
    await this.#onAll(async (machine, other) => {
      if ((await readLabel(machine))?.sandbox !== sandbox) return;
      const stdin = peerCommands(Object.values(OVERLAY_DEVICES), await this.#peersOf(other))
        .map((line) => `${line}\n`)
        .join('');
      await machine.run(['dd', 'status=none', `of=${PEERS_FILE}`], { stdin });
      await machine.run(['bridge', '-force', '-batch', PEERS_FILE], { acceptExitCodes: [0, 1] });
    }, unlessUnreachable);
  }

  async #ensureAnswers({ name, address }: MachineSpec): Promise<void> {
    if (!this.#reachesMachines()) return;
    if (!(await answers(address, ANSWER_TIMEOUT_SECONDS))) throw fail('OVERLAY_SILENT', { machine: name, address });
  }

  /** A machine that belongs to another sandbox, or to none, is left alone. */
  async #remove(machine: Transport, sandbox: string, name: string): Promise<void> {
    if ((await readLabel(machine))?.sandbox !== sandbox) return;
    const before = await findPlacesBefore(machine);
    await takeAway(machine);
    this.#takenAway.set(name, before);
  }

  /** Works on all given machines at the same time, in their order. */
  #onAll<Result>(
    work: (machine: Transport, name: string) => Promise<Result>,
    otherwise: (error: unknown) => Result | undefined = rethrow,
  ): Promise<Result[]> {
    const results = Array.from(this.#servers.keys(), async (name) => {
      await using machine = this.transport('', name);
      return (await work(machine, name).catch(otherwise)) as Result;
    });
    return Promise.all(results);
  }
}

interface Found {
  readonly label: MachineLabel;
  readonly state: MachineState;
}

async function lookAt(machine: Transport, sandbox: string): Promise<Found | undefined> {
  const label = await readLabel(machine);
  if (label?.sandbox !== sandbox) return undefined;
  const { machine: name, role, address, fingerprint } = label;
  const { stdout } = await machine.run(['systemctl', 'is-active', ...ROLE_UNITS[role]], { acceptExitCodes: [0, 3, 4] });
  const running =
    fingerprint !== '' && stdout.split('\n').filter((line) => line === 'active').length === ROLE_UNITS[role].length;
  return { label, state: { name, role, address, running, fingerprint } };
}

function rethrow(error: unknown): never {
  throw error;
}

/** A machine that cannot be reached is as good as none, until something is to be done there. */
function unlessUnreachable(error: unknown): undefined {
  if (error instanceof OnedockError && error.code === 'SSH_UNREACHABLE') return undefined;
  throw error;
}
