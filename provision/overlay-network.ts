/**
 * The networks of a sandbox whose machines have no wire in common: a VXLAN for each network, over whatever network the
 * machines reach each other by (RFC 7348). A frame that is for all goes to every other member one by one, so nothing is
 * asked of the network between them but UDP on one port.
 */
import { createHash } from 'node:crypto';
import { VM_NETWORK_UNIT } from './docker-host.ts';
import { linkAddressOf } from './link-address.ts';
import type { MachineDescription } from './machine-description.ts';
import { unitText } from './unit-text.ts';

export type OverlayNetworkName = 'management' | 'vms';

export interface OverlayPort {
  readonly device: string;
  readonly network: OverlayNetworkName;
  /** With prefix length; undefined for a port of a bridge, which has the address. */
  readonly address: string | undefined;
}

/** Devices of machines. */
export const OVERLAY_DEVICES = { management: 'onedock-mgmt', vms: 'onedock-vms' } as const;

/** A frame of Ethernet's usual size less VXLAN's header, UDP's, IP's and Ethernet's. */
export const OVERLAY_MTU = 1450;

/** UDP, as IANA has it for VXLAN. */
const OVERLAY_UDP_PORT = 4789;

const OVERLAY_UNIT = 'onedock-overlay.service';
const LINKS_FILE = '/etc/onedock/overlay.ip';
export const PEERS_FILE = '/etc/onedock/overlay.fdb';

/** The VXLAN's number: in the upper half of the 24 bits, which people and OpenNebula's own driver use last. */
export function networkId(sandbox: string, network: OverlayNetworkName): number {
  const digest = createHash('sha256').update(`${sandbox}/${network}`).digest();
  return 0x80_0000 | (digest.readUIntBE(0, 3) & 0x7f_ffff);
}

/** For `ip -batch`. */
export function linkCommands(sandbox: string, { device, network, address }: OverlayPort): string[] {
  // The same whenever the machine starts, so that its neighbours find it at once.
  const hardwareAddress = address === undefined ? '' : `address ${linkAddressOf(address)} `;
  return [
    `link add ${device} ${hardwareAddress}mtu ${OVERLAY_MTU} type vxlan id ${networkId(sandbox, network)} dstport ${OVERLAY_UDP_PORT}`,
    ...(address === undefined ? [] : [`address add ${address} dev ${device}`]),
    `link set ${device} up`,
  ];
}

/** For `bridge -batch`: frames for all, and those for members not heard of yet, go to every peer. */
export function peerCommands(devices: readonly string[], peers: readonly string[]): string[] {
  return devices.flatMap((device) => peers.map((peer) => `fdb append 00:00:00:00:00:00 dev ${device} dst ${peer}`));
}

export interface OverlaySettings {
  readonly sandbox: string;
  readonly ports: readonly OverlayPort[];
  /** IPv4 addresses of the other members. */
  readonly peers: readonly string[];
}

export function overlayNetwork({ sandbox, ports, peers }: OverlaySettings): MachineDescription {
  const devices = ports.map(({ device }) => device);
  const links = ports.flatMap((port) => linkCommands(sandbox, port));
  return {
    directories: [{ path: '/etc/onedock', mode: 0o755 }],
    files: [
      { path: LINKS_FILE, mode: 0o644, content: lines(links) },
      { path: PEERS_FILE, mode: 0o644, content: lines(peerCommands(devices, peers)) },
      { path: `/etc/systemd/system/${OVERLAY_UNIT}`, mode: 0o644, content: overlayUnit(devices) },
    ],
    units: [{ name: OVERLAY_UNIT, wantedBy: 'multi-user.target' }],
  };
}

function overlayUnit(devices: readonly string[]): string {
  const [first] = devices;
  return unitText({
    Unit: {
      Description: 'Networks of the ONEDock sandbox',
      ConditionPathExists: `!/sys/class/net/${first}`,
      DefaultDependencies: 'no',
      Before: [VM_NETWORK_UNIT, 'docker.service', 'network.target'],
    },
    Service: {
      Type: 'oneshot',
      RemainAfterExit: 'yes',
      ExecStart: [`/sbin/ip -batch ${LINKS_FILE}`, `/sbin/bridge -force -batch ${PEERS_FILE}`],
    },
    Install: { WantedBy: 'multi-user.target' },
  });
}

function lines(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join('');
}
