/** Apart from `settings.ts`, whose libraries take longer to load than a file to be looked at. */
export const DEFAULT_SETTINGS_PATH = '/etc/one/onedock.yaml';

/** File of the drivers' settings. */
export function settingsPath(): string {
  return process.env.ONEDOCK_SETTINGS ?? DEFAULT_SETTINGS_PATH;
}
