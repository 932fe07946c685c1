/** A market driver in a remotes folder: scripts that put files of images onto a shelf, as OpenNebula calls them. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFrontend, type Frontend } from 'onedock/frontend';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Client, createClient } from '../../src/opennebula/client/client.ts';
import { findAll, findText, parseXml } from '../../src/opennebula/xml.ts';

/** What `one_market` gives its scripts: the document in base64, and an id. */
const PREAMBLE = `#!/bin/sh
document=$(printf %s "$1" | base64 -d)
value() { printf %s "$document" | sed "s/.*<$1>\\(<!\\[CDATA\\[\\)\\{0,1\\}//; s/[]<].*//"; }
shelf=$(value PUBLIC_DIR)
`;

const SCRIPTS = {
  import: `cp "$(value IMPORT_SOURCE)" "$shelf/app-$2"
printf 'SOURCE="file://%s"\\nMD5="%s"\\nSIZE="%s"\\nFORMAT="raw"\\n' "$shelf/app-$2" "$(value MD5)" 1
`,
  delete: `rm "$shelf/app-$2"\n`,
  monitor: "printf 'USED_MB=1\\nFREE_MB=41\\nTOTAL_MB=42\\n'\n",
};

let folder: string;
let frontend: Frontend;
let client: Client;

const shelf = () => join(folder, 'shelf');
const call = <T>(method: string, ...params: readonly (string | number | boolean)[]) =>
  client.call(method, ...params) as Promise<T>;
const stateOf = async (kind: string, id: number) =>
  findText(parseXml(await call<string>(`one.${kind}.info`, id)), 'STATE');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onedock-market-'));
  const scripts = join(folder, 'remotes/market/shelf');
  await mkdir(scripts, { recursive: true });
  await mkdir(shelf());
  for (const [name, text] of Object.entries(SCRIPTS)) {
    await writeFile(join(scripts, name), PREAMBLE + text);
    await chmod(join(scripts, name), 0o755);
  }
  frontend = await createFrontend({
    dataFolder: folder,
    configuration: `DATASTORE_LOCATION = "${join(folder, 'datastores')}"
MARKET_MAD_CONF = [ NAME = "shelf", REQUIRED_ATTRS = "PUBLIC_DIR", APP_ACTIONS = "create, delete, monitor" ]`,
  });
  client = createClient({ endpoint: frontend.url, session: frontend.session });
});

afterAll(async () => {
  client?.[Symbol.dispose]();
  await frontend?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('a market driver of one’s own', () => {
  it('takes the file of an image, tells of its room, and gives the file up again', async () => {
    const until = (test: () => Promise<boolean>) => vi.waitUntil(test, { timeout: 30_000, interval: 50 });
    const datastore = await call<number>('one.datastore.allocate', 'NAME=files-2\nDS_MAD=fs\nTM_MAD=local\n', -1);
    const image = await call<number>('one.image.allocate', 'NAME=data\nTYPE=DATABLOCK\nSIZE=1\n', datastore, true);
    await until(async () => (await stateOf('image', image)) === '1');

    const market = await call<number>('one.market.allocate', `NAME=m\nMARKET_MAD=shelf\nPUBLIC_DIR="${shelf()}"\n`);
    const app = await call<number>('one.marketapp.allocate', `NAME=a\nORIGIN_ID=${image}\n`, market);
    await until(async () => (await stateOf('marketapp', app)) !== '2');
    const document = parseXml(await call<string>('one.marketapp.info', app));
    expect(findText(document, 'TEMPLATE/ERROR')).toBeUndefined();
    expect(findText(document, 'SOURCE')).toBe(`file://${shelf()}/app-${app}`);
    expect(findText(document, 'MD5')).toMatch(/^[0-9a-f]{32}$/);
    expect((await readFile(join(shelf(), `app-${app}`))).length).toBe(1024 * 1024);

    await call('one.marketapp.delete', app);
    await until(async () => (await readdir(shelf())).length === 0);
    await until(
      async () =>
        findAll(parseXml(await call<string>('one.marketapppool.info', -2, -1, -1)), 'MARKETPLACEAPP').length === 0,
    );

    await call('one.market.enable', market, false);
    await call('one.market.enable', market, true);
    await until(async () => findText(parseXml(await call<string>('one.market.info', market)), 'FREE_MB') === '41');
  });
});
