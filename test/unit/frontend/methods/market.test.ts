import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DriverCall, DriverRunner } from '../../../../src/drivers/contract/driver-runner.ts';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { findText, parseXml } from '../../../../src/opennebula/xml.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const PUBLIC = 0;
const INTERVAL = 600;

/** What the driver of a marketplace does in a test; the dummy's answer unless it says otherwise. */
type Market = (action: string, document: ReturnType<typeof parseXml>) => Promise<string> | string;

let clock: ManualClock;
let one: CloudInProcess;
let market: Market | undefined;
let calls: string[];

beforeEach(async () => {
  clock = new ManualClock();
  market = undefined;
  calls = [];
  one = await startCloudInProcess({ clock, drivers: withMarket(new InProcessDrivers(driverTable, openServices())) });
});

afterEach(() => one[Symbol.asyncDispose]());

/** The dummies, with a marketplace that does what the test wants, also for the driver of public ones. */
function withMarket(dummies: DriverRunner): DriverRunner {
  return {
    has: (family, driver) => (family === 'market' && driver === 'one') || dummies.has(family, driver),
    monitor: (...given) => dummies.monitor(...given),
    async run(call: DriverCall) {
      if (call.family !== 'market') return dummies.run(call);
      calls.push(`${call.driver} ${call.action} ${call.argv[1]}`);
      const document = parseXml(Buffer.from(call.argv[0] ?? '', 'base64').toString());
      return market ? market(call.action, document) : dummies.run({ ...call, driver: 'dummy' });
    },
    [Symbol.asyncDispose]: () => dummies[Symbol.asyncDispose](),
  };
}

const makeMarket = () => one.oneadmin.call('one.market.allocate', 'NAME=shop\nMARKET_MAD=dummy\n');

async function makeImage(): Promise<number> {
  const id = await one.oneadmin.call(
    'one.image.allocate',
    'NAME=disk\nTYPE=DATABLOCK\nSIZE=64\n',
    await one.datastore('stock'),
    true,
  );
  await one.until(() => one.cloud.pools.image.get(id)?.state === 'READY');
  return id;
}

const offer = (image: number, shop: number, more = '') =>
  one.oneadmin.call('one.marketapp.allocate', `NAME=offer\nORIGIN_ID=${image}\n${more}`, shop);
const appOf = (id: number) => one.cloud.pools.marketapp.get(id);
const imageState = (id: number) => one.cloud.pools.image.get(id)?.state;

describe('a marketplace', () => {
  it('is disabled from the start where its template says so', async () => {
    const id = await one.oneadmin.call('one.market.allocate', 'NAME=shut\nMARKET_MAD=dummy\nSTATE=disabled\n');
    expect(await one.oneadmin.read('STATE', 'one.market.info', id)).toBe('1');
  });

  it('keeps its driver when its template is replaced', async () => {
    const id = await makeMarket();
    await one.oneadmin.call('one.market.update', id, 'COLOUR=red\n', 0);
    expect(await one.oneadmin.read('TEMPLATE/MARKET_MAD', 'one.market.info', id)).toBe('dummy');
  });

  it('is made by no user without a rule for it', async () => {
    const ada = await one.user('ada');
    expect(await ada.refusal('one.market.allocate', 'NAME=x\nMARKET_MAD=dummy\n')).toMatch(/^512 .*CREATE MARKETPLACE/);
  });

  it('gives its name to its apps', async () => {
    const [shop, image] = [await makeMarket(), await makeImage()];
    const app = await offer(image, shop);
    await one.oneadmin.call('one.market.rename', shop, 'bazaar');
    expect(await one.oneadmin.read('MARKETPLACE', 'one.marketapp.info', app)).toBe('bazaar');
  });

  it('forgets its apps when it is disabled, and frees their images', async () => {
    market = () => new Promise(() => {});
    const [shop, image] = [await makeMarket(), await makeImage()];
    const app = await offer(image, shop);
    expect(imageState(image)).toBe('USED');
    await one.oneadmin.call('one.market.enable', shop, false);
    expect(appOf(app)).toBeUndefined();
    expect(imageState(image)).toBe('READY');
  });
});

describe('an app', () => {
  it('is locked, and its image held, until its driver has it; the driver is told of all that takes part', async () => {
    const [shop, image] = [await makeMarket(), await makeImage()];
    const imported = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<ReturnType<typeof parseXml>>();
    market = (_, document) => {
      asked.resolve(document);
      return imported.promise;
    };
    const app = await offer(image, shop, 'VERSION="1.2"\n');
    const document = await asked.promise;
    const told = (path: string) => findText(document, path);
    expect([told('MARKETPLACEAPP/ID'), told('MARKETPLACE/NAME'), told('IMAGE/ID'), told('DATASTORE/DS_MAD')]).toEqual([
      String(app),
      'shop',
      String(image),
      'dummy',
    ]);
    expect(appOf(app)?.state).toBe('LOCKED');
    expect(await one.oneadmin.read('CLONING_OPS', 'one.image.info', image)).toBe('1');
    expect(await one.oneadmin.refusal('one.image.delete', image, false)).toMatch(/^2048 /);
    imported.resolve('SOURCE="http://192.0.2.1/x"\nMD5="abc"\nSIZE="70"\nFORMAT="qcow2"');
    await one.until(() => appOf(app)?.state === 'READY');
    expect(appOf(app)).toMatchObject({ source: 'http://192.0.2.1/x', sizeMb: 70, format: 'qcow2', version: '1.2' });
    expect(imageState(image)).toBe('READY');
  });

  it.each([
    ['what the driver says', () => Promise.reject(new Error('shop is shut')), 'into marketplace: shop is shut'],
    ['that it says too little', () => 'SOURCE="x"', 'into marketplace. Missing app attributes.'],
  ] satisfies [string, Market, string][])('is in error with %s', async (_, driver, text) => {
    market = driver;
    const [shop, image] = [await makeMarket(), await makeImage()];
    const app = await offer(image, shop);
    await one.until(() => appOf(app)?.state === 'ERROR');
    expect(appOf(app)?.template.get('ERROR')).toContain(text);
    expect(imageState(image)).toBe('READY');
  });

  it('of an image that is not there is kept in error, and its maker told', async () => {
    const shop = await makeMarket();
    const refusal = await one.oneadmin.refusal('one.marketapp.allocate', 'NAME=x\nORIGIN_ID=77\n', shop);
    expect(refusal).toBe('8192 [one.marketapp.allocate] Image does not exist.');
    expect(one.cloud.pools.marketapp.byName('x', 0)?.state).toBe('ERROR');
  });

  it('of an image that is persistent and in use is refused', async () => {
    const [shop, image] = [await makeMarket(), await makeImage()];
    await one.oneadmin.call('one.image.persistent', image, true);
    await one.oneadmin.call('one.vm.allocate', `CPU=1\nMEMORY=1\nDISK=[IMAGE_ID=${image}]\n`, true);
    const refusal = await one.oneadmin.refusal('one.marketapp.allocate', `NAME=x\nORIGIN_ID=${image}\n`, shop);
    expect(refusal).toContain('Cannot clone image in current state');
  });

  it('that is a template needs no driver', async () => {
    const shop = await makeMarket();
    const app = await one.oneadmin.call(
      'one.marketapp.allocate',
      'NAME=vm\nTYPE=VMTEMPLATE\nORIGIN_ID=0\nAPPTEMPLATE64="Q1BVPTE="\n',
      shop,
    );
    expect(appOf(app)).toMatchObject({ state: 'READY', appTemplate64: 'Q1BVPTE=' });
    await one.oneadmin.call('one.marketapp.delete', app);
    await one.until(() => appOf(app) === undefined);
    expect(calls).toEqual([`one monitor ${PUBLIC}`]);
  });

  it('goes once its driver has taken it out, whatever that says, and is listed no more meanwhile', async () => {
    const [shop, image] = [await makeMarket(), await makeImage()];
    const app = await offer(image, shop);
    await one.until(() => appOf(app)?.state === 'READY');
    market = () => Promise.reject(new Error('no'));
    await one.oneadmin.call('one.marketapp.delete', app);
    expect(await one.oneadmin.read('MARKETPLACEAPPS/ID', 'one.market.info', shop)).toBeUndefined();
    await one.until(() => appOf(app) === undefined);
    expect(calls).toContain(`dummy delete ${app}`);
  });

  it('cannot be changed in what its driver tells', async () => {
    const [shop, image] = [await makeMarket(), await makeImage()];
    const app = await offer(image, shop);
    await one.until(() => appOf(app)?.state === 'READY');
    await one.oneadmin.call('one.marketapp.update', app, 'SOURCE=mine\nDESCRIPTION=new\n', 1);
    expect(appOf(app)).toMatchObject({ source: `dummy://app-${app}`, description: 'new' });
    expect(appOf(app)?.template.has('SOURCE')).toBe(false);
  });
});

describe('a public marketplace', () => {
  const told = (...apps: readonly string[]) =>
    ['FREE_MB=7', ...apps.map((app) => `APP="${Buffer.from(app).toString('base64')}"`)].join('\n');
  const ALPINE = 'NAME="Alpine"\nSOURCE="https://example.org/a"\nMD5="1"\nSIZE="9"\nFORMAT="raw"\nVERSION="3"\n';
  const named = (name: string) => one.cloud.pools.marketapp.byName(name, 0);

  it('has the apps that it tells of, until three reports in a row do not name them', async () => {
    const space = () => one.cloud.pools.marketplace.get(PUBLIC)?.space?.freeMb;
    const report = async (free: number, ...apps: readonly string[]) => {
      market = () => told(...apps).replace('7', String(free));
      clock.advance(INTERVAL);
      await one.until(() => space() === free);
    };
    await report(1, ALPINE, ALPINE.replace('Alpine', 'Debian'));
    expect(named('Alpine')).toMatchObject({ state: 'READY', sizeMb: 9, marketId: PUBLIC, market: 'OpenNebula Public' });
    await report(2, ALPINE.replace('VERSION="3"', 'VERSION="4"'));
    expect(named('Alpine')?.version).toBe('4');
    await report(3, ALPINE);
    expect(named('Debian')).toBeDefined();
    await report(4, ALPINE);
    expect(named('Debian')).toBeUndefined();
  });

  it('lets nobody remove its apps, and can be removed with them', async () => {
    market = () => told(ALPINE);
    clock.advance(INTERVAL);
    await one.until(() => named('Alpine') !== undefined);
    const app = named('Alpine')?.id ?? -1;
    expect(await one.oneadmin.refusal('one.marketapp.delete', app)).toContain(
      'Cannot delete marketplaceapp. Delete disabled for market: OpenNebula Public',
    );
    await one.oneadmin.call('one.market.delete', PUBLIC);
    expect(appOf(app)).toBeUndefined();
  });
});

describe('an image made of an app', () => {
  it('is fetched from where the app lies', async () => {
    const [shop, image] = [await makeMarket(), await makeImage()];
    const app = await offer(image, shop);
    await one.until(() => appOf(app)?.state === 'READY');
    const ds = one.cloud.pools.image.get(image)?.datastoreId ?? -1;
    const copy = await one.oneadmin.call('one.image.allocate', `NAME=copy\nFROM_APP=${app}\n`, ds, true);
    expect(one.cloud.pools.image.get(copy)).toMatchObject({ path: `dummy://app-${app}`, sizeMb: 64 });
    await one.until(() => imageState(copy) === 'READY');
  });
});
