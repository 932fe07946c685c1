/** The name server of a front-end: it runs while VMs ask for each other's names, on the network of the VMs alone. */
import { ONEADMIN } from './base.ts';
import type { MachineDescription } from './machine-description.ts';
import { BUNDLE_FOLDER, NODE_BINARY } from './program-places.ts';
import { unitText } from './unit-text.ts';

/** Starts the other when a VM asks. */
export const NAMES_SOCKET_UNIT = 'onedock-names.socket';
export const NAMES_SERVICE_UNIT = 'onedock-names.service';
const DNS_PORT = 53;

const SERVICE = unitText({
  Unit: { Description: 'Names of VMs by DNS', Requires: NAMES_SOCKET_UNIT, After: 'network.target' },
  Service: {
    User: ONEADMIN.name,
    WorkingDirectory: ONEADMIN.home,
    ExecStart: `${NODE_BINARY} ${BUNDLE_FOLDER}/names.js`,
    Restart: 'on-failure',
    RestartSec: '1',
  },
});

/** @param address  of the front-end on the network of the VMs; it may come later than the socket */
const socketOf = (address: string) =>
  unitText({
    Unit: { Description: 'Whether a VM asks for a name' },
    Socket: { ListenDatagram: `${address}:${DNS_PORT}`, FreeBind: 'yes' },
    Install: { WantedBy: 'sockets.target' },
  });

export function nameServer(address: string): MachineDescription {
  const mode = 0o644;
  return {
    files: [
      { path: `/etc/systemd/system/${NAMES_SERVICE_UNIT}`, mode, content: SERVICE },
      {
        path: `/etc/systemd/system/${NAMES_SOCKET_UNIT}`,
        mode,
        content: socketOf(address),
        restarts: [NAMES_SOCKET_UNIT],
      },
    ],
    units: [{ name: NAMES_SOCKET_UNIT, wantedBy: 'sockets.target' }],
  };
}
