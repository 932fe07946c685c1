/**
 * Names of what a sandbox is made of on the user's machine. They are its labels: whatever is there is found by them,
 * and nothing is remembered elsewhere.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where sandboxes and image layers lie. */
export interface Places {
  readonly state: string;
  readonly cache: string;
}

export const DEFAULT_PLACES: Places = { state: '/var/lib/onedock', cache: '/var/cache/onedock' };

/** 20 characters leave room for a machine's name in a host name of 63. */
export const SANDBOX_NAME = /^[a-z][a-z0-9-]{0,19}$/;

export const NETWORK_KINDS = ['management', 'vms'] as const;
export type NetworkKind = (typeof NETWORK_KINDS)[number];

export const sandboxesFolder = ({ state }: Places) => join(state, 'sandboxes');
export const sandboxFolder = (places: Places, sandbox: string) => join(sandboxesFolder(places), sandbox);
export const secretsFolder = (places: Places, sandbox: string) => join(sandboxFolder(places, sandbox), 'secrets');
/** LXC's folder of containers (lxcpath): each lies in a folder that has its full name. */
export const machinesFolder = (places: Places, sandbox: string) => join(sandboxFolder(places, sandbox), 'machines');

/** The container of a machine, as `lxc-ls` shows it. */
export const containerName = (sandbox: string, machine: string) => `onedock-${sandbox}-${machine}`;

/** Bridges and links have at most 15 characters, so they begin with a digest of the sandbox's name. */
export const linkPrefix = (sandbox: string) => `od${digest(sandbox, 6)}`;
const BRIDGE_SUFFIXES: Readonly<Record<NetworkKind, string>> = { management: '-mgmt', vms: '-vms' };
export const bridgeName = (sandbox: string, kind: NetworkKind) => `${linkPrefix(sandbox)}${BRIDGE_SUFFIXES[kind]}`;
/** The user's machine's end of a machine's NIC. */
export const linkName = (sandbox: string, machine: string, kind: NetworkKind) =>
  `${linkPrefix(sandbox)}${digest(machine, 5)}${kind === 'management' ? 'm' : 'v'}`;

/** What a bridge carries as its alias, and rules as their comment. */
export const networkLabel = (sandbox: string, kind: NetworkKind) => `onedock:${sandbox}:${kind}`;

export function parseNetworkLabel(label: string): { sandbox: string; kind: NetworkKind } | undefined {
  const [, sandbox, kind] = /^onedock:([a-z0-9-]+):(\w+)$/.exec(label) ?? [];
  const known = NETWORK_KINDS.find((each) => each === kind);
  return sandbox === undefined || known === undefined ? undefined : { sandbox, kind: known };
}

/** nftables has no `-` in names, and sandboxes have no `_`. */
export const firewallTable = (sandbox: string) => `onedock_${sandbox.replaceAll('-', '_')}`;

export function parseFirewallTable(table: string): string | undefined {
  return table.startsWith('onedock_') ? table.slice('onedock_'.length).replaceAll('_', '-') : undefined;
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
