/** What `*_ENCRYPTED_ATTR` of oned.conf names is kept and shown encrypted, as oned has it (7.4). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { AesCipher } from '../../../../src/frontend/platform/cipher.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;
/** What each call of a driver was told, readable, after its action. */
let told: string[];

const CONFIGURATION =
  'HOST_ENCRYPTED_ATTR=BMC\nCLUSTER_ENCRYPTED_ATTR=API/KEY\nVNET_ENCRYPTED_ATTR=WIFI\nIMAGE_ENCRYPTED_ATTR=LICENCE\n';

beforeEach(async () => {
  told = [];
  const inner = new InProcessDrivers(driverTable, openServices());
  one = await startCloudInProcess({
    configuration: CONFIGURATION,
    drivers: {
      has: (family, driver) => inner.has(family, driver),
      run(call) {
        const given = call.stdin ?? call.argv[0] ?? '';
        told.push(`${call.action} ${given.startsWith('<') ? given : Buffer.from(given, 'base64')}`);
        return inner.run(call);
      },
      monitor: (...args) => inner.monitor(...args),
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
  });
});

afterEach(() => one[Symbol.asyncDispose]());

const VM = 'CPU=1\nMEMORY=64\n';

describe('a cipher', () => {
  it('writes what oned writes with the same key', () => {
    const cipher = new AesCipher('0123456789abcdef0123456789abcdef and what comes after does not count');
    // openssl enc -aes-256-cbc -K 30313233…66 -iv 00…00 -base64
    expect(cipher.seal('secret')).toBe('V21Pw0Y+YeGB920IhKtiDA==');
    expect(cipher.open(cipher.seal('schlüssel'))).toBe('schlüssel');
  });

  it('opens only what was sealed with its key', () => {
    expect(new AesCipher('a').open(new AesCipher('b').seal('secret'))).toBeUndefined();
    expect(new AesCipher('a').open('no base64!')).toBeUndefined();
  });
});

describe('encrypted attributes', () => {
  it.each([
    ['host', 'one.host', 'BMC=secret\n', 'TEMPLATE/BMC'],
    ['cluster', 'one.cluster', 'API=[KEY=secret,USER=ada]\n', 'TEMPLATE/API/KEY'],
    ['user', 'one.user', 'SSH_PASSPHRASE=secret\n', 'TEMPLATE/SSH_PASSPHRASE'],
    ['datastore', 'one.datastore', 'NETAPP_PASS=secret\n', 'TEMPLATE/NETAPP_PASS'],
    ['vnet', 'one.vn', 'WIFI=secret\n', 'TEMPLATE/WIFI'],
    ['document', 'one.document', 'PROVISION_BODY=secret\n', 'TEMPLATE/PROVISION_BODY'],
  ])('of a %s are read by administrators who ask for it', async (kind, prefix, given, path) => {
    const make: Record<string, () => Promise<number>> = {
      host: () => one.host('h1'),
      cluster: () => one.oneadmin.call('one.cluster.allocate', 'c'),
      user: async () => (await one.user('ada')).id,
      datastore: () => one.datastore('d'),
      vnet: () => one.oneadmin.call('one.vn.allocate', 'NAME=n\nVN_MAD=dummy\nBRIDGE=b\n', -1),
      document: () => one.oneadmin.call('one.document.allocate', 'NAME=d\n', 100),
    };
    const id = (await make[kind]?.()) ?? -1;
    await one.oneadmin.call(`${prefix}.update`, id, given, 1);
    const shown = () => one.oneadmin.read(path, `${prefix}.info`, id, false);
    const sealed = await shown();
    expect(sealed).toMatch(/^[\w+/]{22}==$/);
    expect(await one.oneadmin.read(path, `${prefix}.info`, id, true)).toBe('secret');
    // A client that sends back what it was shown changes nothing.
    await one.oneadmin.call(`${prefix}.update`, id, given.replace('secret', `"${sealed}"`), 1);
    expect(await shown()).toBe(sealed);
  });

  it('stay encrypted for all others, and beside what they are not', async () => {
    const ada = await one.user('ada');
    await ada.call('one.user.update', ada.id, 'SSH_PRIVATE_KEY=secret\nEMAIL="a@b.c"\n', 1);
    expect(await ada.read('TEMPLATE/SSH_PRIVATE_KEY', 'one.user.info', -1, true)).not.toBe('secret');
    expect(await ada.read('TEMPLATE/EMAIL', 'one.user.info', -1, true)).toBe('a@b.c');
    expect(JSON.stringify(one.cloud.pools.user.get(ada.id)?.template)).not.toContain('secret');
  });

  it('of a VM come from its template, and reach drivers in the clear', async () => {
    await one.host('h1');
    const context = 'CONTEXT=[PASSWORD="$NAME-secret",USERNAME=root]\n';
    const template = await one.oneadmin.call('one.template.allocate', `NAME=t\n${VM}CONTEXT=[PASSWORD=old]\n`);
    expect(await one.oneadmin.read('TEMPLATE/CONTEXT/PASSWORD', 'one.template.info', template, false)).not.toBe('old');
    expect(await one.oneadmin.read('TEMPLATE/CONTEXT/PASSWORD', 'one.template.info', template, false, true)).toBe(
      'old',
    );
    const vm = await one.oneadmin.call('one.template.instantiate', template, 'v', false, context, false);
    await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'RUNNING');
    const shown = (decrypt: boolean) => one.oneadmin.read('TEMPLATE/CONTEXT/PASSWORD', 'one.vm.info', vm, decrypt);
    expect(await shown(false)).not.toContain('secret');
    expect(await shown(true)).toBe('v-secret');
    expect(await one.oneadmin.call<string>('one.vmpool.infoextended', -2, -1, -1, -1)).not.toContain('v-secret');
    expect(told.some((document) => document.includes('v-secret'))).toBe(true);
  });

  it('of a datastore reach its drivers in the clear', async () => {
    const id = await one.datastore('d');
    await one.oneadmin.call('one.datastore.update', id, 'NETAPP_PASS=open-sesame\n', 1);
    await one.oneadmin.call('one.image.allocate', 'NAME=i\nTYPE=DATABLOCK\nSIZE=1\n', id, false);
    await one.until(() => told.some((document) => document.includes('open-sesame')));
  });

  it('of an image, and of its datastore while it is made an app, reach no driver in the clear, as in oned', async () => {
    const datastore = await one.datastore('d');
    await one.oneadmin.call('one.datastore.update', datastore, 'NETAPP_PASS=open-sesame\n', 1);
    const template = 'NAME=i\nTYPE=DATABLOCK\nSIZE=1\nLICENCE=mellon\n';
    const image = await one.oneadmin.call('one.image.allocate', template, datastore, true);
    await one.until(() => one.cloud.pools.image.get(image)?.state === 'READY');
    expect(await one.oneadmin.read('TEMPLATE/LICENCE', 'one.image.info', image, true)).toBe('mellon');
    const market = await one.oneadmin.call('one.market.allocate', 'NAME=shop\nMARKET_MAD=dummy\n');
    const app = await one.oneadmin.call('one.marketapp.allocate', `NAME=a\nORIGIN_ID=${image}\n`, market);
    await one.until(() => one.cloud.pools.marketapp.get(app)?.state === 'READY');
    const documents = (action: string) => told.filter((text) => text.startsWith(`${action} `)).join();
    expect(documents('mkfs')).toMatch(/LICENCE.*open-sesame/);
    for (const action of ['export', 'import']) expect(documents(action)).toMatch(/LICENCE.*NETAPP_PASS/);
    for (const action of ['export', 'import']) expect(documents(action)).not.toContain('open-sesame');
    expect(told.join()).not.toContain('mellon');
  });
});

describe('the key', () => {
  it('is shown to administrators alone, as oned does', async () => {
    const ada = await one.user('ada');
    expect(await one.oneadmin.read('ONE_KEY', 'one.system.config')).toMatch(/^[\da-f]{64}$/);
    expect(await ada.read('ONE_KEY', 'one.system.config')).toBe('***');
    expect(await one.oneadmin.read('DB/BACKEND', 'one.system.config')).toBe('sqlite');
    expect(await ada.read('DB/BACKEND', 'one.system.config')).toBe('***');
  });
});
