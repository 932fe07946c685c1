/** What the drivers of ONEDock are given besides their arguments. Each is opened when the first driver asks for it. */
import type { ServiceOpeners } from './contract/driver-table.ts';
import type { ImageRegistry } from './registry/image-registry.ts';
import { type DriverSettings, loadSettings } from './settings.ts';

export interface DriverServices {
  readonly settings: DriverSettings;
  readonly registry: ImageRegistry;
}

/** @param readSettings  called once, when the first service is opened */
export function openServices(
  readSettings: () => Promise<DriverSettings> = loadSettings,
): ServiceOpeners<DriverServices> {
  let read: Promise<DriverSettings> | undefined;
  const settings = () => {
    read ??= readSettings();
    return read;
  };
  return {
    settings,
    async registry() {
      const [{ ImageRegistry }, options] = await Promise.all([import('./registry/image-registry.ts'), settings()]);
      return new ImageRegistry(options);
    },
  };
}
