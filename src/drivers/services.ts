/** What the drivers of ONEDock are given besides their arguments. Each is opened when the first driver asks for it. */
import type { ServiceOpeners } from './contract/driver-table.ts';
import type { DockerHosts } from './hosts/docker-hosts.ts';
import type { LockPlace } from './hosts/ssh-hosts.ts';
import type { ImageRegistry } from './registry/image-registry.ts';
import type { DriverSettings } from './settings.ts';

export interface DriverServices {
  readonly settings: DriverSettings;
  readonly registry: ImageRegistry;
  readonly hosts: DockerHosts;
}

/**
 * @param readSettings  called once, when the first service is opened
 * @param locks  `process` for a front-end that runs all drivers itself, `host` for a process of one action
 */
export function openServices(
  readSettings: () => Promise<DriverSettings> = readSettingsOfThisMachine,
  locks: LockPlace = 'process',
): ServiceOpeners<DriverServices> {
  let read: Promise<DriverSettings> | undefined;
  const settings = () => {
    read ??= readSettings().catch((error: unknown) => {
      // The next driver tries again: the file may be mended by then.
      read = undefined;
      throw error;
    });
    return read;
  };
  return {
    settings,
    async registry() {
      const [{ ImageRegistry }, options] = await Promise.all([import('./registry/image-registry.ts'), settings()]);
      return new ImageRegistry(options);
    },
    async hosts() {
      const [{ SshHosts }, options] = await Promise.all([import('./hosts/ssh-hosts.ts'), settings()]);
      return new SshHosts(options, { locks });
    },
  };
}

/** Drivers that need no settings do not wait for the libraries that read them. */
async function readSettingsOfThisMachine(): Promise<DriverSettings> {
  const { loadSettings } = await import('./settings.ts');
  return loadSettings();
}
