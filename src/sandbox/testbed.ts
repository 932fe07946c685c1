/**
 * Where the machines of a sandbox come from: LXC, Vagrant, or given ones over SSH. The sandbox decides what should be
 * there (`plan.ts`) and asks a testbed to look, make and remove; a testbed remembers nothing, it finds by label.
 */
import type { ForwardedPort } from '../transport/ssh-forward.ts';
import type { Transport } from '../transport/transport.ts';

/** How long a machine may take until it is ready, in seconds. It takes one; on a laptop that does much else, ten. */
export const USUAL_READY_SECONDS = 120;

export type MachineRole = 'frontend' | 'host';

export interface NetworkSpec {
  readonly sandbox: string;
  /** CIDR of the management network, as `10.140.0.0/24`; the user's machine has the first address. */
  readonly management: string;
  /** CIDR of the network on which VMs live; the user's machine has the first address. */
  readonly vms: string;
}

export interface MachineSpec {
  readonly sandbox: string;
  /** `frontend`, `host-1`, …: its host name, unique in the sandbox. */
  readonly name: string;
  readonly role: MachineRole;
  /** IPv4 on the management network; the machine has the same host part on the VM network. */
  readonly address: string;
  readonly vmNetworkAddress: string;
  /** Names that every machine resolves: name, address. */
  readonly names: ReadonlyMap<string, string>;
  /** On the front-end: whether a second registry stands in for the upstream hub, as `hub:5001`. */
  readonly standInHub?: boolean;
  /** On the front-end: whether OpenNebula is to come from its own packages, so that the machine has none yet. */
  readonly packaged?: boolean;
  /** On the front-end: how many times as long as usual the drivers wait for what they ask of hosts; once unless given. */
  readonly patience?: number;
}

export interface MachineState {
  readonly name: string;
  readonly role: MachineRole;
  readonly address: string;
  readonly running: boolean;
  /** Digest of the image layers and the specification that it was made from; differs when it should be made anew. */
  readonly fingerprint: string;
}

export interface TestbedState {
  readonly networks: NetworkSpec | undefined;
  readonly machines: readonly MachineState[];
}

/** Whether nothing of a sandbox was found. */
export function isAbsent({ networks, machines }: TestbedState): boolean {
  return networks === undefined && machines.length === 0;
}

/** Something that carries a sandbox's label although the sandbox is gone. */
export interface Leak {
  readonly kind:
    | 'machine'
    | 'process'
    | 'control group'
    | 'mount'
    | 'loop device'
    | 'bridge'
    | 'link'
    | 'nftables table'
    | 'directory';
  readonly name: string;
}

export type Progress = (line: string) => void;

/** How hosts take part in the network on which VMs live. */
export interface VmNetworkDevice {
  /** The device that is a port of the hosts' bridge. */
  readonly port: string;
  /** Of NICs; Ethernet's usual 1500 unless given. */
  readonly mtu?: number;
}

export interface Testbed {
  readonly provider: 'lxc' | 'vagrant' | 'ssh';
  readonly vmNetwork: VmNetworkDevice;
  /** Names of all sandboxes of which anything exists. */
  sandboxes(): Promise<string[]>;
  look(sandbox: string): Promise<TestbedState>;
  /** Builds the image layers that are missing. Safe to call from several processes at once. */
  ensureImages(progress: Progress, signal?: AbortSignal): Promise<void>;
  ensureNetworks(spec: NetworkSpec): Promise<void>;
  /** Makes and starts the machine if needed; resolves when commands can run on it. Its secrets are in the sandbox's folder. */
  ensureMachine(spec: MachineSpec, progress: Progress, signal?: AbortSignal): Promise<void>;
  removeMachine(sandbox: string, machine: string): Promise<void>;
  /** Removes every machine, network, mount and folder that carries the label. */
  removeSandbox(sandbox: string): Promise<void>;
  /** What is left of a sandbox; empty after `removeSandbox`. */
  audit(sandbox: string): Promise<Leak[]>;
  transport(sandbox: string, machine: string): Transport;
  /**
   * A way to a port of a machine, where this machine's network leads to none of them. A testbed that has no such method
   * makes machines and VMs that are reached by their addresses.
   */
  readonly forward?: (sandbox: string, machine: string, port: number) => Promise<ForwardedPort>;
  /** The command of the user's machine that runs `argv` in the machine on the user's terminal; a root shell if empty. */
  foregroundCommand(sandbox: string, machine: string, argv: readonly string[]): readonly string[];
}
