import { describe, expect, it } from 'vitest';
import { nicWord, readNics } from '../../../../src/drivers/vmm/onedock/nics.ts';
import { find, parseXml } from '../../../../src/opennebula/xml.ts';
import { vmDocument } from '../../../support/vm-documents.ts';

type Values = Readonly<Record<string, string>>;

const NIC = { BRIDGE: 'vmbr0', IP: '10.0.0.5', MAC: '02:00:0A:00:00:05' };
const read = (nics: readonly Values[], context: Values = {}, more = '') => {
  const document = vmDocument({ id: 5, nics }).replace('</TEMPLATE>', `${more}</TEMPLATE>`);
  const template = find(parseXml(document), 'TEMPLATE');
  return readNics(5, template as NonNullable<typeof template>, context);
};

describe('readNics', () => {
  it('reads what the NIC itself says', () => {
    expect(read([{ ...NIC, GATEWAY: '10.0.0.1', DNS: '10.0.0.2 10.0.0.3', MTU: '9000' }])).toEqual([
      {
        id: 0,
        target: 'one-5-0',
        bridge: 'vmbr0',
        mac: '02:00:0a:00:00:05',
        filtered: false,
        mtu: 9000,
        addresses: ['10.0.0.5/24'],
        gateways: ['10.0.0.1'],
        metric: undefined,
        routes: [],
        dns: ['10.0.0.2', '10.0.0.3'],
        searchDomains: [],
      },
    ]);
  });

  it('lets the context have the last word, where it is not empty', () => {
    const context = {
      ETH0_MASK: '255.255.240.0',
      ETH0_GATEWAY: '',
      ETH0_DNS: '1.1.1.1',
      ETH0_METRIC: '7',
      ETH0_MTU: '1300',
    };
    const [nic] = read([{ ...NIC, GATEWAY: '10.0.0.1', DNS: '10.0.0.2' }], context);
    expect(nic).toMatchObject({
      addresses: ['10.0.0.5/20'],
      gateways: ['10.0.0.1'],
      dns: ['1.1.1.1'],
      metric: 7,
      mtu: 1300,
    });
  });

  it.each([
    ['24', 24],
    ['255.255.255.255', 32],
    ['255.255.128.0', 17],
    ['', 24],
  ])('reads the mask %j', (mask, prefix) => {
    expect(read([NIC], { ETH0_MASK: mask })[0]?.addresses).toEqual([`10.0.0.5/${prefix}`]);
  });

  it('knows IPv6', () => {
    const [nic] = read([{ ...NIC, IP6_GLOBAL: '2001:db8::5', IP6_ULA: 'fd00::5', GATEWAY6: '2001:db8::1' }]);
    expect(nic).toMatchObject({
      addresses: ['10.0.0.5/24', '2001:db8::5/64', 'fd00::5/64'],
      gateways: ['2001:db8::1'],
    });
  });

  it('lets the first default route win', () => {
    const nics = read([
      { ...NIC, GATEWAY: '10.0.0.1' },
      { ...NIC, GATEWAY: '10.0.0.2' },
      { ...NIC, GATEWAY: '10.0.0.3', METRIC: '5' },
    ]);
    expect(nics.map(({ metric }) => metric)).toEqual([undefined, 101, 5]);
  });

  it('adds the addresses of aliases to their NIC', () => {
    const alias = '<NIC_ALIAS><PARENT_ID>0</PARENT_ID><IP>10.0.0.99</IP></NIC_ALIAS>';
    expect(read([NIC], {}, alias)[0]?.addresses).toEqual(['10.0.0.5/24', '10.0.0.99/24']);
  });

  it('reads routes', () => {
    const routes = '10.1.0.0/16 via 10.0.0.3, 10.9.9.9 via 10.0.0.4';
    expect(read([NIC], { ETH0_ROUTES: routes })[0]?.routes).toEqual([
      { network: '10.1.0.0/16', gateway: '10.0.0.3' },
      { network: '10.9.9.9/32', gateway: '10.0.0.4' },
    ]);
  });

  it('refuses a NIC without a bridge, and PCI devices', () => {
    expect(() => read([{ ...NIC, BRIDGE: '' }])).toThrow(expect.objectContaining({ code: 'NIC_WITHOUT_BRIDGE' }));
    expect(() => read([], {}, '<PCI><NIC_ID>0</NIC_ID></PCI>')).toThrow(
      expect.objectContaining({ code: 'NIC_KIND_UNSUPPORTED' }),
    );
  });
});

it('nicWord is what the helper reads, the metric before the gateways that it is for', () => {
  const [nic] = read([{ ...NIC, GATEWAY: '10.0.0.1', METRIC: '5' }], { ETH0_ROUTES: '10.1.0.0/16 via 10.0.0.3' });
  expect(nic && nicWord(nic)).toBe(
    'one-5-0,vmbr0,02:00:0a:00:00:05,1500,address=10.0.0.5/24,metric=5,gateway=10.0.0.1,route=10.1.0.0/16>10.0.0.3',
  );
});
