/** What a front-end says about its hosts: whose authority they trust, and who logs in there. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type DriverSettings, parseSettings } from '../../drivers/settings.ts';
import { AUTHORITY_PATH, SETTINGS_PATH, SSH_FOLDER } from '../places.ts';
import type { Root } from '../root.ts';
import { fail } from './errors.ts';

export interface Cloud {
  /** Name of the front-end. */
  readonly frontEnd: string;
  readonly registry: string;
  /** Authority of the registry's certificate (PEM); undefined where it is one that every system trusts. */
  readonly authority: string | undefined;
  /** Public keys of oneadmin. */
  readonly oneadminKeys: readonly string[];
  /** Of the drivers, where they are installed on the front-end that this program sees. */
  readonly settings: DriverSettings | undefined;
}

/** What is said of it on a machine that is no front-end. */
export interface CloudWish {
  readonly frontEnd?: string | undefined;
  readonly registry?: string | undefined;
  readonly caFile?: string | undefined;
  /** File of oneadmin's public key. */
  readonly oneadminKeyFile?: string | undefined;
}

/**
 * @param complete  whether all of it is needed; a host is given back also after the drivers were taken out
 * @throws FRONT_END_NOT_FOUND, FRONT_END_FILE_UNREADABLE, SETTINGS_INVALID
 */
export async function findCloud(root: Root, wish: CloudWish, { complete = true } = {}): Promise<Cloud> {
  const text = await root.readText(SETTINGS_PATH);
  const settings = text === undefined ? undefined : parseSettings(text, SETTINGS_PATH);
  const registry = wish.registry ?? settings?.registry.server ?? '';
  const oneadminKeys =
    wish.oneadminKeyFile === undefined ? await ownKeys(root) : [await readGiven(wish.oneadminKeyFile)];
  if (complete && (registry === '' || oneadminKeys.length === 0)) {
    const missing = [
      ...(registry === '' ? [`${SETTINGS_PATH}, which \`onedock install\` writes`] : []),
      ...(oneadminKeys.length === 0 ? [`a public key of oneadmin in ${SSH_FOLDER}`] : []),
    ];
    throw fail('FRONT_END_NOT_FOUND', { missing });
  }
  return {
    frontEnd: wish.frontEnd ?? settings?.frontend.names[0] ?? hostname(),
    registry,
    authority:
      wish.caFile === undefined
        ? wish.registry === undefined
          ? await root.readText(settings?.registry.caFile ?? AUTHORITY_PATH)
          : undefined
        : await readGiven(wish.caFile),
    oneadminKeys,
    settings,
  };
}

async function ownKeys(root: Root): Promise<string[]> {
  const names = (await root.list(SSH_FOLDER)).filter((name) => /^id_\w+\.pub$/.test(name)).toSorted();
  const texts = await Promise.all(names.map((name) => root.readText(`${SSH_FOLDER}/${name}`)));
  return texts.flatMap((text) => text?.trim() || []);
}

async function readGiven(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('FRONT_END_FILE_UNREADABLE', { path }, cause);
  });
  return text.trim();
}
