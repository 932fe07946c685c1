/** The machines that `sandbox.yaml` gives to a sandbox, as servers to log in to. */
import { isIPv4 } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SshServer } from '../../transport/ssh.ts';

/** How to log in; what a machine leaves out is that of all. */
export interface Login {
  readonly user: string;
  readonly port: number;
  /** Of the private key. */
  readonly keyFile: string;
  readonly knownHostsFile: string;
}

export type GivenMachine = { readonly address: string; readonly peerAddress?: string | undefined } & {
  readonly [Key in keyof Login]?: Login[Key] | undefined;
};

/** The key `ssh` of `sandbox.yaml`. */
export interface SshDeclaration extends Login {
  readonly jump?: GivenMachine | undefined;
  /** By their names in the sandbox. */
  readonly machines: Readonly<Record<string, string | GivenMachine>>;
}

export interface GivenServer extends SshServer {
  /** Under which the other machines reach it; undefined: where this machine's own connection ends. */
  readonly peerAddress: string | undefined;
}

const CONNECT_TIMEOUT_SECONDS = 15;

/** @param folder  from which relative paths count */
export function givenServers(declaration: SshDeclaration, folder: string): ReadonlyMap<string, GivenServer> {
  const { jump, machines, ...login } = declaration;
  const via = jump && serverOf(login, jump, folder);
  return new Map(
    Object.entries(machines).map(([name, machine]) => {
      const given = typeof machine === 'string' ? { address: machine } : machine;
      return [name, { ...serverOf(login, given, folder), peerAddress: given.peerAddress, jump: via }];
    }),
  );
}

function serverOf(login: Login, given: GivenMachine, folder: string): SshServer {
  const path = (text: string) => resolve(folder, text.replace(/^~(?=\/)/, homedir()));
  return {
    host: given.address,
    port: given.port ?? login.port,
    user: given.user ?? login.user,
    keyFile: path(given.keyFile ?? login.keyFile),
    knownHostsFile: path(given.knownHostsFile ?? login.knownHostsFile),
    connectTimeoutSeconds: CONNECT_TIMEOUT_SECONDS,
  };
}

/**
 * The address at which a connection of this machine has ended, of `SSH_CONNECTION`: client, its port, server, its port
 * (sshd(8), "ENVIRONMENT"). Undefined when it is no IPv4 address.
 */
export function endOfConnection(sshConnection: string): string | undefined {
  const address = sshConnection.trim().split(' ')[2] ?? '';
  return isIPv4(address) ? address : undefined;
}

/** Of the sandboxes of a provider. */
export const stateFolder = (state: string, provider: 'ssh' | 'vagrant') => join(state, provider);
