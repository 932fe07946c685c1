/** The drivers' settings for a front-end, from what its own configuration says. Pure. */

import { findSetting, readConfigurationText } from './configuration-text.ts';
import { DRIVER_LISTS } from './driver-entries.ts';
import { AUTHORITY_PATH, PASSWORD_PATH, SSH_FOLDER } from './places.ts';

export interface RegistryUse {
  readonly server: string;
  readonly user: string | undefined;
  readonly hasPassword: boolean;
  readonly hasAuthority: boolean;
  readonly dataDirectory: string | undefined;
  readonly collectorFolder: string | undefined;
  readonly capacityMb: number | undefined;
}

export interface FrontEndFacts {
  readonly onedConf: string;
  /** File name of oneadmin's private key. */
  readonly sshKey: string;
}

/** Keys of `src/drivers/settings.ts` that are not at their defaults; JSON is YAML. */
export function settingsText(registry: RegistryUse, { onedConf, sshKey }: FrontEndFacts): string {
  const [name = '', datastores = ''] = ['HOSTNAME', 'DATASTORE_LOCATION'].map((each) => findSetting(onedConf, each));
  const settings = {
    registry: {
      server: registry.server,
      ...(registry.user === undefined ? {} : { user: registry.user }),
      ...(registry.hasPassword ? { passwordFile: PASSWORD_PATH } : {}),
      ...(registry.hasAuthority ? { caFile: AUTHORITY_PATH } : {}),
      ...(registry.dataDirectory === undefined ? {} : { dataDirectory: registry.dataDirectory }),
      ...(registry.collectorFolder === undefined ? {} : { collectorFolder: registry.collectorFolder }),
      ...(registry.capacityMb === undefined ? {} : { capacityMb: registry.capacityMb }),
    },
    ssh: { keyFile: `${SSH_FOLDER}/${sshKey}` },
    ...(name === '' && datastores === ''
      ? {}
      : { frontend: { ...(name && { names: [name] }), ...(datastores && { datastores }) } }),
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}

/** Entries that the edit of oned.conf needs and does not find. */
export function missingEntries(onedConf: string): string[] {
  const names = new Set(readConfigurationText(onedConf).map(({ name }) => name));
  return Object.keys(DRIVER_LISTS).filter((name) => !names.has(name));
}
