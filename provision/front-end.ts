import { USUAL_TIMEOUTS } from '../src/drivers/usual-timeouts.ts';
import { FRONT_END_NODE_OPTIONS } from '../src/frontend/node-options.ts';
import { ONEADMIN } from './base.ts';
import { CONSOLE_FILES, CONSOLE_PATH_UNIT, CONSOLES_FOLDER } from './console-units.ts';
import type { MachineDescription } from './machine-description.ts';
import { PACKAGES } from './packages.ts';
import { BUNDLE_FOLDER, COMPILED_FOLDER, NODE_BINARY } from './program-places.ts';
import { HUB_PORT, REGISTRY_DATA, REGISTRY_PORT } from './registry.ts';
import { COLLECTOR_FOLDER } from './registry-collector.ts';
import { unitText, untilPortListens } from './unit-text.ts';

export interface FrontEndSettings {
  /** Password of the user oneadmin. */
  readonly oneadminPassword: string;
  /** With which the drivers log in to hosts. */
  readonly privateKey: string;
  readonly publicKey: string;
  /** Lines of known_hosts(5): the authority that signed the hosts' certificates. */
  readonly knownHosts: string;
  readonly registry: { readonly user: string; readonly password: string };
  /** The authority that signed the registry's certificate (PEM). */
  readonly tlsAuthority: string;
  /** Whether names without a registry are looked for in the hub's stand-in, not in Docker Hub. */
  readonly hub: boolean;
  /** Whether OpenNebula comes from its own packages; see `install-opennebula.ts`. */
  readonly packaged?: boolean;
  /** How many times as long as usual the drivers wait for what they ask of hosts. */
  readonly patience?: number;
}

export const FRONT_END_UNIT = 'opennebula.service';
const API_PORT = 2633;

export const AUTHORITY_FILE = '/etc/one/onedock-ca.crt';
export const PASSWORD_FILE = '/etc/one/onedock-registry-password';
const HOME = ONEADMIN.home;

/**
 * A front-end: OpenNebula's folders, the drivers' settings and secrets, and of the embedded one the unit that runs it.
 */
export function frontEnd(settings: FrontEndSettings): MachineDescription {
  const restarts = [FRONT_END_UNIT];
  const own = { owner: ONEADMIN.name };
  const embedded = settings.packaged !== true;
  return {
    packages: PACKAGES.frontEnd,
    directories: [
      { path: '/etc/one', mode: 0o755 },
      { path: '/var/log/one', mode: 0o750, ...own },
      { path: `${HOME}/.one`, mode: 0o700, ...own },
      { path: `${HOME}/.ssh`, mode: 0o700, ...own },
      { path: `${HOME}/datastores`, mode: 0o755, ...own },
      { path: `${HOME}/vms`, mode: 0o755, ...own },
      { path: CONSOLES_FOLDER, mode: 0o700, ...own },
    ],
    files: [
      {
        path: `${HOME}/.one/one_auth`,
        mode: 0o600,
        content: `${ONEADMIN.name}:${settings.oneadminPassword}\n`,
        ...own,
      },
      { path: `${HOME}/.ssh/id_ed25519`, mode: 0o600, content: settings.privateKey, ...own },
      { path: `${HOME}/.ssh/id_ed25519.pub`, mode: 0o644, content: settings.publicKey, ...own },
      { path: `${HOME}/.ssh/known_hosts`, mode: 0o644, content: settings.knownHosts, ...own },
      { path: PASSWORD_FILE, mode: 0o600, content: `${settings.registry.password}\n`, ...own },
      { path: AUTHORITY_FILE, mode: 0o644, content: settings.tlsAuthority },
      { path: '/etc/one/onedock.yaml', mode: 0o644, content: driverSettings(settings), restarts },
      ...(embedded
        ? [{ path: `/etc/systemd/system/${FRONT_END_UNIT}`, mode: 0o644, content: FRONT_END_SERVICE, restarts }]
        : []),
      ...CONSOLE_FILES.map(({ path, content }) => ({ path, mode: 0o644, content })),
    ],
    units: [
      ...(embedded ? [{ name: FRONT_END_UNIT, wantedBy: 'multi-user.target' as const }] : []),
      { name: CONSOLE_PATH_UNIT, wantedBy: 'multi-user.target' },
    ],
  };
}

/** The keys of `src/drivers/settings.ts` that are not at their defaults; JSON is YAML. */
function driverSettings({ registry, hub, patience = 1 }: FrontEndSettings): string {
  const settings = {
    registry: {
      server: `registry:${REGISTRY_PORT}`,
      user: registry.user,
      passwordFile: PASSWORD_FILE,
      caFile: AUTHORITY_FILE,
      dataDirectory: REGISTRY_DATA,
      collectorFolder: COLLECTOR_FOLDER,
    },
    ...(patience > 1 ? { timeouts: longer(USUAL_TIMEOUTS, patience) } : {}),
    ...(hub ? { hub: { server: `hub:${HUB_PORT}`, caFile: AUTHORITY_FILE } } : {}),
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}

function longer(seconds: Readonly<Record<string, number>>, times: number) {
  return Object.fromEntries(Object.entries(seconds).map(([name, usual]) => [name, usual * times]));
}

const FRONT_END_SERVICE = unitText({
  Unit: {
    Description: 'OpenNebula front-end, embedded in ONEDock',
    After: 'network.target',
    ConditionPathExists: `${BUNDLE_FOLDER}/frontend.js`,
  },
  Service: {
    User: ONEADMIN.name,
    WorkingDirectory: HOME,
    ExecStart: [NODE_BINARY, ...FRONT_END_NODE_OPTIONS, `${BUNDLE_FOLDER}/frontend.js`].join(' '),
    ExecStartPost: untilPortListens(API_PORT),
    Restart: 'on-failure',
    RestartSec: '1',
    Environment: `NODE_COMPILE_CACHE=${COMPILED_FOLDER} NODE_COMPILE_CACHE_PORTABLE=1`,
    LimitNOFILE: '65536',
    TimeoutStopSec: '20',
  },
  Install: { WantedBy: 'multi-user.target' },
});
