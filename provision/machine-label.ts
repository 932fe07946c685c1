/** What a machine that was given to a sandbox says of itself, in a file: by it the sandbox is found again. */
import type { Transport } from '../src/transport/transport.ts';
import type { MachineDescription } from './machine-description.ts';

export interface MachineLabel {
  readonly sandbox: string;
  readonly machine: string;
  readonly role: 'frontend' | 'host';
  readonly address: string;
  /** Networks of the sandbox, in CIDR notation. */
  readonly management: string;
  readonly vms: string;
  /** Digest of what the machine was made; empty while it is being made. */
  readonly fingerprint: string;
}

export const LABEL_FILE = '/etc/onedock/machine.json';

export function labelContent(label: MachineLabel): MachineDescription {
  const content = `${JSON.stringify(label, undefined, 2)}\n`;
  return {
    directories: [{ path: '/etc/onedock', mode: 0o755 }],
    files: [{ path: LABEL_FILE, mode: 0o644, content }],
  };
}

/** Undefined on a machine that belongs to no sandbox. */
export function readLabel(machine: Transport): Promise<MachineLabel | undefined> {
  return readJson<MachineLabel>(machine, LABEL_FILE);
}

/** What a machine says of itself that is a host of an OpenNebula which is no sandbox's. */
export interface HostLabel {
  /** Name of the front-end. */
  readonly frontEnd: string;
  /** Whose authority it trusts: `host:port`. */
  readonly registry: string;
}

export const HOST_LABEL_FILE = '/etc/onedock/host.json';

export function hostLabelContent(label: HostLabel): MachineDescription {
  const content = `${JSON.stringify(label, undefined, 2)}\n`;
  return {
    directories: [{ path: '/etc/onedock', mode: 0o755 }],
    files: [{ path: HOST_LABEL_FILE, mode: 0o644, content }],
  };
}

/** Undefined on a machine that was not prepared. */
export function readHostLabel(machine: Transport): Promise<HostLabel | undefined> {
  return readJson<HostLabel>(machine, HOST_LABEL_FILE);
}

async function readJson<Label>(machine: Transport, path: string): Promise<Label | undefined> {
  const { stdout, exitCode } = await machine.run(['cat', path], { acceptExitCodes: [0, 1] });
  return exitCode === 0 ? (JSON.parse(stdout) as Label) : undefined;
}
