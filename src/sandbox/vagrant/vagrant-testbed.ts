import { setImmediate } from 'node:timers/promises';
import { readLabel } from '../../../provision/machine-label.ts';
import { OnedockError } from '../../errors/onedock-error.ts';
import { LocalTransport } from '../../transport/local.ts';
import { SshTransport } from '../../transport/ssh.ts';
import type { Transport } from '../../transport/transport.ts';
import type { GivenServer } from '../ssh/given-machines.ts';
import { SshTestbed } from '../ssh/ssh-testbed.ts';
import type { Leak, MachineSpec, NetworkSpec, Progress, Testbed, TestbedState } from '../testbed.ts';
import { fail } from './errors.ts';
import { keepLabel, keptLabel, madeMachines, readServers } from './machine-access.ts';
import { type VagrantDeclaration, type VagrantPlace, vagrantDestroy, vagrantUp } from './vagrant.ts';

export interface VagrantSettings {
  /** Name of the sandbox to which machines without a label belong. */
  readonly sandbox: string;
  readonly declaration: VagrantDeclaration;
  /** Where Vagrant keeps the machines. */
  readonly folder: string;
  readonly readyTimeoutSeconds: number;
  readonly local?: Transport;
}

/** Machines that Vagrant makes, starts and destroys; what they become is done over SSH, as on given ones. */
export class VagrantTestbed implements Testbed {
  readonly provider = 'vagrant';
  readonly vmNetwork: Testbed['vmNetwork'];
  readonly #place: VagrantPlace;
  /** Of the machines that run. */
  readonly #servers = new Map<string, GivenServer>();
  readonly #ssh: SshTestbed;
  #last: Promise<void> = Promise.resolve();
  #next: { readonly machines: Map<string, Progress>; readonly done: Promise<void> } | undefined;

  private constructor({ readyTimeoutSeconds, local = new LocalTransport(), ...place }: VagrantSettings) {
    this.#place = { ...place, local };
    this.#ssh = new SshTestbed({ servers: this.#servers, readyTimeoutSeconds, keptAs: 'vagrant', local });
    this.vmNetwork = this.#ssh.vmNetwork;
  }

  static async open(settings: VagrantSettings): Promise<VagrantTestbed> {
    const testbed = new VagrantTestbed(settings);
    await testbed.#findRunning();
    return testbed;
  }

  async sandboxes(): Promise<string[]> {
    const [known, owners] = await Promise.all([this.#ssh.sandboxes(), this.#owners()]);
    return [...new Set([...known, ...owners.values()])].toSorted();
  }

  /** Machines that are off show as what they were when they ran last. */
  async look(sandbox: string): Promise<TestbedState> {
    const [{ networks, machines }, labels] = await Promise.all([this.#ssh.look(sandbox), this.#labels()]);
    const off = labels.filter(
      (label) => label.sandbox === sandbox && !machines.some(({ name }) => name === label.machine),
    );
    const [first] = off;
    return {
      networks: networks ?? (first && { sandbox, management: first.management, vms: first.vms }),
      machines: [
        ...machines,
        ...off.map(({ machine: name, role, address, fingerprint }) => ({
          name,
          role,
          address,
          fingerprint,
          running: false,
        })),
      ],
    };
  }

  ensureImages(progress: Progress): Promise<void> {
    return this.#ssh.ensureImages(progress);
  }

  ensureNetworks(spec: NetworkSpec): Promise<void> {
    return this.#ssh.ensureNetworks(spec);
  }

  /** @throws VAGRANT_MISSING, VAGRANT_MACHINE_UNREACHABLE, and what is thrown of given machines */
  async ensureMachine(spec: MachineSpec, progress: Progress, signal?: AbortSignal): Promise<void> {
    const { sandbox, name } = spec;
    const { folder } = this.#place;
    if (!this.#servers.has(name)) await this.#bringUp(name, progress, signal);
    if (!this.#servers.has(name)) throw fail('VAGRANT_MACHINE_UNREACHABLE', { machine: name, folder });
    await this.#ssh.ensureMachine(spec, progress, signal);
    await using machine = this.transport(sandbox, name);
    const label = await readLabel(machine);
    if (label) await keepLabel(folder, name, label);
  }

  async removeMachine(_: string, name: string): Promise<void> {
    if ((await madeMachines(this.#place.folder)).includes(name)) await this.#destroy([name]);
  }

  async removeSandbox(sandbox: string): Promise<void> {
    const machines = await this.#machinesOf(sandbox);
    if (machines.length > 0) await this.#destroy(machines);
    await this.#ssh.removeSandbox(sandbox);
  }

  async audit(sandbox: string): Promise<Leak[]> {
    const [left, machines] = await Promise.all([this.#ssh.audit(sandbox), this.#machinesOf(sandbox)]);
    const others = machines.filter((name) => !left.some((leak) => leak.kind === 'machine' && leak.name === name));
    return [...left, ...others.map((name) => ({ kind: 'machine', name }) as const)];
  }

  transport(sandbox: string, machine: string): Transport {
    return this.#ssh.transport(sandbox, machine);
  }

  foregroundCommand(sandbox: string, machine: string, argv: readonly string[]): readonly string[] {
    return this.#ssh.foregroundCommand(sandbox, machine, argv);
  }

  /** Machines that are wanted at the same time come up by one call, which Vagrant does side by side where it can. */
  #bringUp(name: string, progress: Progress, signal: AbortSignal | undefined): Promise<void> {
    this.#next ??= this.#planCall(signal);
    this.#next.machines.set(name, progress);
    return this.#next.done;
  }

  #planCall(signal: AbortSignal | undefined) {
    const machines = new Map<string, Progress>();
    const tell = (machine: string, line: string) => machines.get(machine)?.(line);
    const done = this.#inTurn(async () => {
      await setImmediate();
      this.#next = undefined;
      await vagrantUp(this.#place, [...machines.keys()], tell, signal);
    });
    return { machines, done };
  }

  #destroy(machines: readonly string[]): Promise<void> {
    return this.#inTurn(() => vagrantDestroy(this.#place, machines));
  }

  /** Vagrant's providers do not all bear two calls at once. */
  #inTurn(call: () => Promise<void>): Promise<void> {
    const done = this.#last.then(call).finally(() => this.#findRunning());
    this.#last = done.catch(() => {});
    return done;
  }

  async #findRunning(): Promise<void> {
    const servers = [...(await readServers(this.#place.folder))];
    const answering = await Promise.all(servers.map(([, server]) => answers(server)));
    this.#servers.clear();
    for (const [i, [name, server]] of servers.entries()) if (answering[i]) this.#servers.set(name, server);
  }

  async #labels() {
    const { folder } = this.#place;
    const labels = await Promise.all((await madeMachines(folder)).map((name) => keptLabel(folder, name)));
    return labels.flatMap((label) => label ?? []);
  }

  /** Sandbox of each machine that was made. */
  async #owners(): Promise<ReadonlyMap<string, string>> {
    const { folder, sandbox } = this.#place;
    const made = await madeMachines(folder);
    const labels = await Promise.all(made.map((name) => keptLabel(folder, name)));
    return new Map(made.map((name, i) => [name, labels[i]?.sandbox ?? sandbox]));
  }

  async #machinesOf(sandbox: string): Promise<string[]> {
    return [...(await this.#owners())].filter(([, owner]) => owner === sandbox).map(([name]) => name);
  }
}

async function answers(server: GivenServer): Promise<boolean> {
  await using machine = new SshTransport(server);
  try {
    await machine.run(['true']);
    return true;
  } catch (error) {
    if (error instanceof OnedockError && error.code === 'SSH_UNREACHABLE') return false;
    throw error;
  }
}
