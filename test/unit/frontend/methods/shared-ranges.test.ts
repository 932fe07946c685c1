/** Address ranges with SHARED=YES, whose addresses several may hold (src/vnm/AddressRange.cc, 7.4). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAll, parseXml } from '../../../../src/opennebula/xml.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const NETWORK = 'NAME=net\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=192.0.2.10,SIZE=4,SHARED=YES]\n';

let one: CloudInProcess;
let network: number;

beforeEach(async () => {
  one = await startCloudInProcess();
  network = await one.oneadmin.call('one.vn.allocate', NETWORK, -1);
});

afterEach(() => one[Symbol.asyncDispose]());

const vm = (ip: string) =>
  one.oneadmin.call('one.vm.allocate', `CPU=1\nMEMORY=1\nNIC=[NETWORK_ID=${network},IP=${ip}]`, true);
const nicOf = (id: number) => one.cloud.pools.vm.get(id)?.template.vector('NIC');
const gone = (id: number) => one.oneadmin.call('one.vm.recover', id, 3);

async function leases() {
  const document = parseXml(await one.oneadmin.call<string>('one.vn.info', network));
  const shown = findAll(document, 'AR_POOL/AR/LEASES/LEASE').map((lease) =>
    ['IP', 'VM', 'MAC'].map((name) => findAll(lease, name)[0]?.text),
  );
  return { used: findAll(document, 'USED_LEASES')[0]?.text, shown };
}

describe('an address of a shared range', () => {
  it('is held by several, each with a MAC of its own', async () => {
    const [first, second] = [await vm('192.0.2.11'), await vm('192.0.2.11')];
    expect(nicOf(first)).toMatchObject({ IP: '192.0.2.11', SHARED: 'YES', MAC: expect.stringMatching(/^02:00:/) });
    expect(nicOf(second)?.MAC).not.toBe(nicOf(first)?.MAC);
    expect(await leases()).toEqual({
      used: '1',
      shown: [
        ['192.0.2.11', String(first), undefined],
        ['192.0.2.11', String(second), undefined],
      ],
    });
    expect(await one.oneadmin.read('VNET/AR_POOL/AR/ALLOCATED', 'one.vnpool.info', -2, -1, -1)).toBe(
      ` 1 ${0x1000000000 + first} 1 ${0x1000000000 + second}`,
    );
  });

  it('is given back by each of them alone', async () => {
    const [first, second, other] = [await vm('192.0.2.11'), await vm('192.0.2.11'), await vm('192.0.2.10')];
    await gone(first);
    expect((await leases()).shown).toEqual([
      ['192.0.2.10', String(other), undefined],
      ['192.0.2.11', String(second), undefined],
    ]);
    expect(await one.oneadmin.refusal('one.vn.hold', network, 'LEASES=[IP=192.0.2.11]')).toContain('in use');
    const third = await vm('192.0.2.11');
    await gone(second);
    await gone(other);
    expect((await leases()).shown).toEqual([['192.0.2.11', String(third), undefined]]);
    await gone(third);
    expect(await leases()).toEqual({ used: '0', shown: [] });
    await one.oneadmin.call('one.vn.hold', network, 'LEASES=[IP=192.0.2.11]');
    expect((await leases()).used).toBe('1');
  });

  it('is given to those who name it only, and not by a MAC or as part of a reservation', async () => {
    const nic = (more: string) =>
      one.oneadmin.refusal('one.vm.allocate', `CPU=1\nMEMORY=1\nNIC=[NETWORK_ID=${network}${more}]`, true);
    expect(await nic('')).toContain(`Cannot get IP/MAC lease from virtual network ${network}.`);
    expect(await nic(',MAC="00:00:00:00:00:01"')).toContain('Cannot get IP/MAC lease');
    for (const more of ['', '\nAR_ID=0\nIP=192.0.2.11']) {
      const wish = `NAME=r\nSIZE=1${more}`;
      expect(await one.oneadmin.refusal('one.vn.reserve', network, wish)).toContain('Not enough free addresses');
    }
  });

  it('is kept in the document without MACs, and when the range changes', async () => {
    await vm('192.0.2.11');
    await vm('192.0.2.11');
    expect(await one.oneadmin.read('AR_POOL/AR/MAC', 'one.vn.info', network)).toBe('00:00:00:00:00:00');
    expect(await one.oneadmin.read('AR_POOL/AR/MAC_END', 'one.vn.info', network)).toBe('00:00:00:00:00:00');
    await one.oneadmin.call('one.vn.update_ar', network, 'AR=[AR_ID=0,SIZE=2,SHARED=NO]');
    expect(await one.oneadmin.read('AR_POOL/AR/SHARED', 'one.vn.info', network)).toBe('YES');
    expect(await one.oneadmin.refusal('one.vn.update_ar', network, 'AR=[AR_ID=0,SIZE=1]')).toContain('New size cannot');
  });

  it.each([
    ['TYPE=ETHER,SIZE=2', 'Shared ARs can be only of type IP4 or IP6_STATIC.'],
    ['TYPE=IP4,IP=192.0.2.20,SIZE=2,IPAM_MAD=aws', 'Shared ARs cannot use an external IPAM'],
  ])('cannot be in %s', async (range, problem) => {
    expect(await one.oneadmin.refusal('one.vn.add_ar', network, `AR=[${range},SHARED=YES]`)).toContain(problem);
  });
});
