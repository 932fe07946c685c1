import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { MarketAction } from '../../../src/drivers/contract/families.ts';
import { cdata, group } from '../../../src/opennebula/xml.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';

describe.each(WAYS)('market/http, %s', (way) => {
  let drivers: DriverRunner;
  let folder: string;
  let shelf: string;
  let image: string;

  beforeAll(async () => {
    drivers = await startDrivers(way);
    folder = await mkdtemp(join(tmpdir(), 'onedock-market-'));
  });
  afterAll(async () => {
    await drivers[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    shelf = join(folder, 'shelf');
    image = join(folder, 'image');
    await rm(shelf, { recursive: true, force: true });
    await mkdir(shelf);
    await writeFile(image, 'an image');
  });

  const elements = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, value]) => cdata(name, value));
  const run = (action: MarketAction, told: Readonly<Record<string, string>> = {}, market = {}, source = '') => {
    const template = { BASE_URL: 'http://market.example/', PUBLIC_DIR: shelf, ...market };
    const document = group(
      'MARKET_DRIVER_ACTION_DATA',
      group('MARKETPLACEAPP', cdata('NAME', 'tiny'), cdata('SOURCE', source)),
      group('MARKETPLACE', cdata('NAME', 'mine'), group('TEMPLATE', ...elements(template))),
      ...elements(told),
    );
    const argv = [Buffer.from(document).toString('base64'), '7'];
    return drivers.run({ family: 'market', driver: 'http', action, argv });
  };
  const exported = () => ({ IMPORT_SOURCE: image, MD5: '0123', SIZE: '1', FORMAT: 'raw', DISPOSE: 'NO' });
  const names = () => readdir(shelf);

  it('puts the file of an image where the web server finds it, the same file when it is asked twice', async () => {
    const printed = await run('import', exported());
    const [name = ''] = await names();
    expect(name).toMatch(/^[0-9a-f]{32}$/);
    expect(printed).toBe(`SOURCE="http://market.example/${name}"\nMD5="0123"\nSIZE="1"\nFORMAT="raw"`);
    expect(await readFile(join(shelf, name), 'utf8')).toBe('an image');
    expect(await run('import', exported())).toBe(printed);
    expect(await names()).toEqual([name]);
  });

  it('removes what was exported for it alone, and leaves an image where it is', async () => {
    await run('import', exported());
    expect((await stat(image)).isFile()).toBe(true);
    await run('import', { ...exported(), DISPOSE: 'YES', DISPOSE_CMD: `rm -f ${image}` });
    await expect(stat(image)).rejects.toThrow('ENOENT');
  });

  it('takes an app out, also twice, and nothing that is no app', async () => {
    await run('import', exported());
    const [name = ''] = await names();
    await run('delete', {}, {}, `http://market.example/${name}`);
    expect(await names()).toEqual([]);
    await run('delete', {}, {}, `http://market.example/${name}`);
    for (const source of ['http://market.example/../image', 'http://market.example/', 'http://other.example/a']) {
      await expect(run('delete', {}, {}, source)).rejects.toThrow(`${source} is no file of this marketplace.`);
    }
    expect(await readFile(image, 'utf8')).toBe('an image');
  });

  it('tells how much room there is', async () => {
    const printed = Object.fromEntries((await run('monitor')).split('\n').map((line) => line.split('=')));
    expect(Object.keys(printed)).toEqual(['USED_MB', 'TOTAL_MB', 'FREE_MB']);
    expect(Number(printed.TOTAL_MB)).toBeGreaterThan(0);
    expect(Number(printed.FREE_MB)).toBeLessThanOrEqual(Number(printed.TOTAL_MB));
  });

  it.each<[string, MarketAction, Readonly<Record<string, string>>, string]>([
    ['a folder that is not there', 'import', { PUBLIC_DIR: '/nowhere/market' }, '/nowhere/market cannot be used'],
    ['a folder that is not there', 'monitor', { PUBLIC_DIR: '/nowhere/market' }, '/nowhere/market cannot be used'],
    ['a path that is not absolute', 'import', { PUBLIC_DIR: 'market' }, 'PUBLIC_DIR of the marketplace is market'],
    ['a marketplace on other machines', 'delete', { BRIDGE_LIST: 'web-1 web-2' }, 'on other machines: web-1 web-2'],
  ])('refuses %s: %s', async (_, action, market, reason) => {
    await expect(run(action, exported(), market)).rejects.toThrow(reason);
  });

  it('refuses an image of which its datastore tells no file', async () => {
    await expect(run('import')).rejects.toThrow('The image has no file that could be brought into a marketplace.');
    expect(await names()).toEqual([]);
  });
});
