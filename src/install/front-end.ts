/** Looks at a front-end before anything is changed. All that speaks against an installation is found here. */

import { ConfigurationTextError } from './configuration-text.ts';
import { isDriverScript } from './driver-scripts.ts';
import { type ConfigurationEdit, MONITORD_CONF, ONED_CONF, VMM_EXECRC } from './edit-configuration.ts';
import { fail } from './errors.ts';
import { MarksDamaged } from './marked-block.ts';
import {
  DRIVER_FOLDERS,
  EXECRC_PATH,
  MONITORD_CONF_PATH,
  NEEDED_PATHS,
  ONED_CONF_PATH,
  SSH_FOLDER,
  VERSION_FILE,
} from './places.ts';
import type { Root } from './root.ts';
import { missingEntries } from './settings-text.ts';

/** The files of OpenNebula's that are edited. */
export const EDITS: readonly { readonly path: string; readonly edit: ConfigurationEdit }[] = [
  { path: ONED_CONF_PATH, edit: ONED_CONF },
  { path: MONITORD_CONF_PATH, edit: MONITORD_CONF },
  { path: EXECRC_PATH, edit: VMM_EXECRC },
];

export interface FrontEnd {
  readonly version: string;
  /** Of the edited files, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

const OLDEST_MAJOR = 7;

/** @throws OPENNEBULA_NOT_FOUND, OPENNEBULA_TOO_OLD, ONED_CONF_SYNTAX, MARKS_DAMAGED */
export async function lookAtFrontEnd(root: Root): Promise<FrontEnd> {
  const present = await Promise.all(NEEDED_PATHS.map((path) => root.has(path)));
  const missing: string[] = NEEDED_PATHS.filter((_, i) => !present[i]);
  if ((await root.owner('oneadmin')) === undefined) missing.push('the account oneadmin');
  if (missing.length > 0) throw fail('OPENNEBULA_NOT_FOUND', { root: root.path, missing });
  const version = ((await root.readText(VERSION_FILE)) ?? '').trim();
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) throw fail('OPENNEBULA_TOO_OLD', { version });
  const texts = await Promise.all(EDITS.map(async ({ path }) => [path, (await root.readText(path)) ?? ''] as const));
  for (const [path, text] of texts) checkText(path, text);
  return { version, texts: new Map(texts) };
}

function checkText(path: string, text: string): void {
  const edit = EDITS.find((each) => each.path === path)?.edit;
  try {
    edit?.remove(text);
    edit?.findForeign(text);
  } catch (error) {
    if (error instanceof ConfigurationTextError)
      throw fail('ONED_CONF_SYNTAX', { path, line: error.line, problem: error.message }, error);
    if (error instanceof MarksDamaged) throw fail('MARKS_DAMAGED', { path, line: error.line }, error);
    throw error;
  }
}

/** @throws ONED_CONF_LACKS, DRIVERS_FOREIGN */
export async function ensureInstallable(root: Root, { texts }: FrontEnd): Promise<void> {
  const [missing] = missingEntries(texts.get(ONED_CONF_PATH) ?? '');
  if (missing !== undefined) throw fail('ONED_CONF_LACKS', { path: ONED_CONF_PATH, entry: missing });
  const entries = EDITS.flatMap(({ path, edit }) =>
    edit.findForeign(texts.get(path) ?? '').map((name) => `${name} of ${path}`),
  );
  const folders = await Promise.all(
    DRIVER_FOLDERS.map(async (folder) => ((await isForeign(root, folder)) ? folder : [])),
  );
  const places = [...entries, ...folders.flat()];
  if (places.length > 0) throw fail('DRIVERS_FOREIGN', { places });
}

/** A folder of ours that an interrupted run has left may lack files, but has none of somebody else's. */
async function isForeign(root: Root, folder: string): Promise<boolean> {
  const names = await root.list(folder);
  const texts = await Promise.all(names.map((name) => root.readText(`${folder}/${name}`).catch(() => '')));
  return texts.some((text) => text !== undefined && !isDriverScript(text));
}

/** By preference; OpenNebula's packages make the last. */
const KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** File name of oneadmin's private key. @throws SSH_KEY_NOT_FOUND */
export async function findSshKey(root: Root): Promise<string> {
  const present = await root.list(SSH_FOLDER);
  const key = KEYS.find((name) => present.includes(name));
  if (key === undefined) throw fail('SSH_KEY_NOT_FOUND', { folder: SSH_FOLDER });
  return key;
}
