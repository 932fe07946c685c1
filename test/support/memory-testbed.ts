/** A testbed that keeps its machines in memory: what a sandbox does with one can be seen without any machine. */
import type { Leak, MachineSpec, MachineState, NetworkSpec, Testbed, TestbedState } from '../../src/sandbox/testbed.ts';
import type { RunOptions, Transport } from '../../src/transport/transport.ts';

interface Sandbox {
  networks?: NetworkSpec;
  readonly machines: Map<string, MachineState>;
}

export class MemoryTestbed implements Testbed {
  readonly provider = 'lxc';
  readonly vmNetwork = { port: 'eth1' };
  /** What it was asked to do, in order. */
  readonly calls: string[] = [];
  /** Leaks that `audit` finds. */
  leaks: Leak[] = [];
  /** Called before a machine is made; may throw, or wait. */
  beforeMachine: (machine: string) => Promise<void> = async () => {};
  readonly #sandboxes = new Map<string, Sandbox>();

  async sandboxes(): Promise<string[]> {
    return [...this.#sandboxes.keys()];
  }

  async look(sandbox: string): Promise<TestbedState> {
    const found = this.#sandboxes.get(sandbox);
    return { networks: found?.networks, machines: [...(found?.machines.values() ?? [])] };
  }

  async ensureImages(): Promise<void> {
    this.calls.push('images');
  }

  async ensureNetworks(spec: NetworkSpec): Promise<void> {
    this.calls.push('networks');
    this.#sandbox(spec.sandbox).networks = spec;
  }

  async ensureMachine({ sandbox, name, role, address }: MachineSpec): Promise<void> {
    await this.beforeMachine(name);
    this.calls.push(`machine ${name}`);
    this.#sandbox(sandbox).machines.set(name, { name, role, address, running: true, fingerprint: '' });
  }

  async removeMachine(sandbox: string, machine: string): Promise<void> {
    this.calls.push(`remove ${machine}`);
    this.#sandbox(sandbox).machines.delete(machine);
  }

  async removeSandbox(sandbox: string): Promise<void> {
    this.calls.push('remove all');
    this.#sandboxes.delete(sandbox);
  }

  async audit(): Promise<Leak[]> {
    return this.leaks;
  }

  transport(_: string, machine: string): Transport {
    return recordingTransport(machine, (line) => this.calls.push(`${machine}: ${line}`));
  }

  foregroundCommand(_: string, machine: string, argv: readonly string[]): readonly string[] {
    return ['attach', machine, ...argv];
  }

  /** As if somebody had stopped it. */
  stop(sandbox: string, machine: string): void {
    const { machines } = this.#sandbox(sandbox);
    machines.set(machine, { ...(machines.get(machine) as MachineState), running: false });
  }

  #sandbox(name: string): Sandbox {
    const sandbox = this.#sandboxes.get(name) ?? { machines: new Map() };
    this.#sandboxes.set(name, sandbox);
    return sandbox;
  }
}

/** Records command lines and answers as a machine of a sandbox does that has nothing in its way. */
export function recordingTransport(name: string, record: (line: string) => void): Transport {
  return {
    name,
    async run(argv, _options?: RunOptions) {
      record(argv.join(' '));
      const isJson = argv.includes('-json');
      const stdout = argv.includes('/var/lib/one/.one/one_auth') ? 'oneadmin:secret\n' : isJson ? '[]' : '';
      return { stdout, stderr: '', exitCode: 0 };
    },
    async put(_, remotePath) {
      record(`put ${remotePath}`);
    },
    async [Symbol.asyncDispose]() {},
  };
}
