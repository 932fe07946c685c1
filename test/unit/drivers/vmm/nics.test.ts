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
        changes: false,
        target: 'one-5-0',
        bridge: 'vmbr0',
        mac: '02:00:0a:00:00:05',
        filtered: false,
        mtu: 9000,
        inbound: undefined,
        outbound: undefined,
        addresses: ['10.0.0.5/24'],
        dhcp: undefined,
        ip6: undefined,
        gateways: [{ address: '10.0.0.1', metric: undefined }],
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
      gateways: [{ address: '10.0.0.1', metric: 7 }],
      dns: ['1.1.1.1'],
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
      ip6: 'on',
      addresses: ['10.0.0.5/24', '2001:db8::5/64', 'fd00::5/64'],
      gateways: [{ address: '2001:db8::1', metric: undefined }],
    });
  });

  it('knows what the context says of both families', () => {
    const context = {
      ETH0_IP: '10.0.0.6',
      ETH0_IP6: '2001:DB8:0::5',
      ETH0_IP6_ULA: 'fd00::6',
      ETH0_IP6_PREFIX_LENGTH: '48',
      ETH0_IP6_GATEWAY: 'fe80::1',
      ETH0_METRIC: '5',
      ETH0_IP6_METRIC: '6',
      ETH0_GATEWAY: '10.0.0.1',
    };
    const [nic] = read([{ ...NIC, IP6: '2001:db8::5', IP6_LINK: 'fe80::aff:fe00:5' }], context);
    expect(nic).toMatchObject({
      addresses: ['10.0.0.6/24', '2001:db8::5/48', 'fd00::6/48'],
      gateways: [
        { address: '10.0.0.1', metric: 5 },
        { address: 'fe80::1', metric: 6 },
      ],
    });
  });

  it('speaks IPv6 of the link alone where the lease has no more', () => {
    expect(read([{ ...NIC, IP6_LINK: 'fe80::aff:fe00:5' }])[0]).toMatchObject({
      ip6: 'on',
      addresses: ['10.0.0.5/24'],
    });
  });

  it('comes to its addresses by the method that is asked for', () => {
    const both = { ...NIC, IP6_GLOBAL: '2001:db8::5', GATEWAY: '10.0.0.1', GATEWAY6: 'fe80::1' };
    const by = (METHOD: string, IP6_METHOD = '') => read([{ ...both, METHOD, IP6_METHOD }])[0];
    expect(by('skip')).toMatchObject({ addresses: ['2001:db8::5/64'], gateways: [{ address: 'fe80::1' }] });
    expect(by('dhcp')).toMatchObject({ dhcp: { metric: 0 }, addresses: ['2001:db8::5/64'] });
    expect(by('', 'auto')).toMatchObject({
      ip6: 'auto',
      addresses: ['10.0.0.5/24'],
      gateways: [{ address: '10.0.0.1' }],
    });
    expect(by('static', 'disable')).toMatchObject({ ip6: 'off', addresses: ['10.0.0.5/24'] });
    expect(() => by('bootp')).toThrow('NIC 0 of VM 5 cannot come to its addresses by the method bootp.');
    expect(() => by('static', 'dhcp')).toThrow(expect.objectContaining({ code: 'NIC_METHOD_UNSUPPORTED' }));
  });

  it('lets the first default route win', () => {
    const nics = read([
      { ...NIC, GATEWAY: '10.0.0.1' },
      { ...NIC, GATEWAY: '10.0.0.2' },
      { ...NIC, GATEWAY: '10.0.0.3', METRIC: '5' },
    ]);
    expect(nics.map(({ gateways }) => gateways[0]?.metric)).toEqual([undefined, 101, 5]);
  });

  it('counts default routes of each family by themselves, and those that a DHCP server may tell of', () => {
    const nics = read([
      { ...NIC, METHOD: 'dhcp' },
      { ...NIC, GATEWAY6: '2001:db8::1', METHOD: 'skip' },
      { ...NIC, GATEWAY: '10.0.0.3', GATEWAY6: '2001:db8::3' },
    ]);
    expect(nics.map(({ gateways }) => gateways.map(({ metric }) => metric))).toEqual([[], [undefined], [102, 102]]);
  });

  it('adds the addresses of aliases to their NIC', () => {
    const alias = '<NIC_ALIAS><PARENT_ID>0</PARENT_ID><IP>10.0.0.99</IP></NIC_ALIAS>';
    expect(read([NIC], {}, alias)[0]?.addresses).toEqual(['10.0.0.5/24', '10.0.0.99/24']);
  });

  it('knows aliases of other networks, and leaves those out that are being detached or are known to others only', () => {
    const alias = (id: number, more: string) =>
      `<NIC_ALIAS><PARENT_ID>0</PARENT_ID><NIC_ID>${id}</NIC_ID>${more}</NIC_ALIAS>`;
    const aliases = [
      alias(2, '<ALIAS_ID>0</ALIAS_ID><IP>10.2.0.9</IP><IP6>2001:db8:2:0::9</IP6>'),
      alias(3, '<ALIAS_ID>1</ALIAS_ID><IP>10.3.0.9</IP>'),
      alias(4, '<ALIAS_ID>2</ALIAS_ID><IP>192.0.2.9</IP><EXTERNAL>YES</EXTERNAL>'),
    ].join('');
    const context = { ETH0_ALIAS0_MASK: '255.255.0.0', ETH0_ALIAS0_IP6_PREFIX_LENGTH: '56' };
    const of = (ALIAS_IDS: string) => read([{ ...NIC, ALIAS_IDS }], context, aliases)[0]?.addresses;
    expect(of('2,3,4')).toEqual(['10.0.0.5/24', '10.2.0.9/16', '2001:db8:2::9/56', '10.3.0.9/24']);
    expect(of('2,4')).toEqual(['10.0.0.5/24', '10.2.0.9/16', '2001:db8:2::9/56']);
    expect(of('')).toEqual(['10.0.0.5/24']);
  });

  it('reads how fast it may be', () => {
    const [nic] = read([{ ...NIC, INBOUND_AVG_BW: '1000', INBOUND_PEAK_BW: '2000', INBOUND_PEAK_KB: '500' }]);
    expect(nic && nicWord(nic)).toContain(',auto,inbound=1000:500:2000,address=');
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

it('nicWord is what the helper reads, a metric with the gateway that it is for', () => {
  const [nic] = read([{ ...NIC, GATEWAY: '10.0.0.1', METRIC: '5' }], { ETH0_ROUTES: '10.1.0.0/16 via 10.0.0.3' });
  expect(nic && nicWord(nic)).toBe(
    'one-5-0,vmbr0,02:00:0a:00:00:05,auto,address=10.0.0.5/24,gateway=10.0.0.1>5,route=10.1.0.0/16>10.0.0.3',
  );
});
