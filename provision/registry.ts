import { ONEADMIN } from './base.ts';
import type { MachineDescription } from './machine-description.ts';
import { PACKAGES } from './packages.ts';
import { COLLECTOR_FOLDER, COLLECTOR_TIMER, collectorFiles } from './registry-collector.ts';
import { unitText, untilPortListens } from './unit-text.ts';

export interface RegistrySettings {
  readonly certificate: string;
  readonly certificateKey: string;
  /** Lines of an htpasswd file, bcrypt. */
  readonly htpasswd: string;
  /** A second registry that stands in for the upstream hub; anybody may read and write it. */
  readonly hub: boolean;
}

export const REGISTRY_PORT = 5000;
export const HUB_PORT = 5001;

/** Debian's package makes the account and this folder. */
const ACCOUNT = 'docker-registry';
const FOLDER = '/etc/docker/registry';
const CONFIG = `${FOLDER}/config.yml`;
export const REGISTRY_DATA = '/var/lib/docker-registry';
const HUB_DATA = '/var/lib/docker-registry-hub';
const HUB_UNIT = 'onedock-hub.service';

/** The private registry in which images are kept, by Debian's docker-registry, and the hub's stand-in if wanted. */
export function registry({ certificate, certificateKey, htpasswd, hub }: RegistrySettings): MachineDescription {
  const restarts = ['docker-registry.service', ...(hub ? [HUB_UNIT] : [])];
  const secret = { mode: 0o600, owner: ACCOUNT, restarts };
  return {
    packages: PACKAGES.registry,
    directories: [
      { path: FOLDER, mode: 0o755 },
      { path: REGISTRY_DATA, mode: 0o755, owner: ACCOUNT },
      { path: COLLECTOR_FOLDER, mode: 0o755, owner: ONEADMIN.name },
      ...(hub ? [{ path: HUB_DATA, mode: 0o755, owner: ACCOUNT }] : []),
    ],
    files: [
      { path: `${FOLDER}/server.crt`, mode: 0o644, content: certificate, restarts },
      { path: `${FOLDER}/server.key`, content: certificateKey, ...secret },
      { path: `${FOLDER}/htpasswd`, content: htpasswd, ...secret },
      {
        path: CONFIG,
        mode: 0o644,
        content: registryConfig({ port: REGISTRY_PORT, data: REGISTRY_DATA, password: true }),
        restarts,
      },
      { path: '/etc/systemd/system/docker-registry.service.d/onedock.conf', mode: 0o644, content: REGISTRY_DROP_IN },
      ...collectorFiles(CONFIG),
      ...(hub ? hubFiles(restarts) : []),
    ],
    units: [
      { name: 'docker-registry.service', wantedBy: 'multi-user.target' },
      { name: COLLECTOR_TIMER, wantedBy: 'timers.target' },
      ...(hub ? [{ name: HUB_UNIT, wantedBy: 'multi-user.target' as const }] : []),
    ],
  };
}

const REGISTRY_DROP_IN = unitText({
  Service: { ExecStartPost: untilPortListens(REGISTRY_PORT), Restart: 'on-failure' },
});

function hubFiles(restarts: readonly string[]) {
  const config = `${FOLDER}/hub.yml`;
  const unit = unitText({
    Unit: { Description: 'Registry that stands in for the upstream hub', After: 'network.target' },
    Service: {
      User: ACCOUNT,
      ExecStart: `/usr/bin/docker-registry serve ${config}`,
      Restart: 'on-failure',
      ExecStartPost: untilPortListens(HUB_PORT),
    },
    Install: { WantedBy: 'multi-user.target' },
  });
  return [
    {
      path: config,
      mode: 0o644,
      content: registryConfig({ port: HUB_PORT, data: HUB_DATA, password: false }),
      restarts,
    },
    { path: `/etc/systemd/system/${HUB_UNIT}`, mode: 0o644, content: unit },
  ];
}

/** Configuration of docker-registry 2.8; JSON is YAML. Without a `cache` for the sake of the collector. */
function registryConfig({ port, data, password }: { port: number; data: string; password: boolean }): string {
  const config = {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
    http: { addr: `:${port}`, tls: { certificate: `${FOLDER}/server.crt`, key: `${FOLDER}/server.key` } },
    ...(password ? { auth: { htpasswd: { realm: 'ONEDock', path: `${FOLDER}/htpasswd` } } } : {}),
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
