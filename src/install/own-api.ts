/** The API of the front-end that this program runs on, as its administrator. */
import { type Client, createClient } from '../opennebula/client/client.ts';
import { findSetting } from './configuration-text.ts';
import { HOME, ONED_CONF_PATH } from './places.ts';
import type { Root } from './root.ts';

export const SESSION = `${HOME}/.one/one_auth`;
/** PORT where oned.conf does not say it. */
const DEFAULT_PORT = '2633';

/** @returns none on a machine that is no front-end, or where nobody has a session */
export async function openOwnApi(root: Root): Promise<Client | undefined> {
  const [session, onedConf = ''] = await Promise.all([root.readText(SESSION), root.readText(ONED_CONF_PATH)]);
  if (session === undefined) return undefined;
  const port = findSetting(onedConf, 'PORT') ?? DEFAULT_PORT;
  return createClient({ endpoint: `http://localhost:${port}/RPC2`, session: session.trim() });
}
