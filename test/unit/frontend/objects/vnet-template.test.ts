import { describe, expect, it } from 'vitest';
import type { Vnet } from '../../../../src/frontend/objects/vnet.ts';
import { decideForVnet } from '../../../../src/frontend/objects/vnet-template.ts';
import { vlanSource } from '../../../../src/frontend/resources/vlans.ts';
import type { Cloud } from '../../../../src/frontend/store/cloud.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';

/** As far as the source of VLANs looks at it. */
function cloudWith(...vnets: Pick<Vnet, 'vlanId' | 'vlanIdAutomatic'>[]): Cloud {
  return { pools: { vnet: { all: () => vnets } } } as unknown as Cloud;
}

const automatic = (tag: number) => ({ vlanId: `${tag}`, vlanIdAutomatic: true });

function decide(source: string, { id = 7, cloud = cloudWith(), vlanIds = {}, vxlanIds = {} } = {}) {
  const driver = () => ({ BRIDGE_TYPE: 'linux' });
  return decideForVnet(parseTemplate(source), { id, driver, vlans: vlanSource(cloud, vlanIds, vxlanIds) });
}

describe('a network of VN_MAD vxlan', () => {
  it('has the number that it names, and a bridge called by it', () => {
    const network = decide('VN_MAD="vxlan"\nPHYDEV="eth1"\nVLAN_ID="50"');
    expect(network).toMatchObject({ vlanId: '50', vlanIdAutomatic: false, bridge: 'onebr.50', phydev: 'eth1' });
    expect(network.template.get('VLAN_ID')).toBe('50');
  });

  it('gets a number of its own, counted from VXLAN_IDS/START, and a bridge called by its id', () => {
    const source = 'VN_MAD="vxlan"\nPHYDEV="eth1"\nAUTOMATIC_VLAN_ID="YES"';
    expect(decide(source)).toMatchObject({ vlanId: '9', vlanIdAutomatic: true, bridge: 'onebr7' });
    expect(decide(source, { vxlanIds: { START: '1000' } })).toMatchObject({ vlanId: '1007' });
    expect(decide(source).template.get('VLAN_ID')).toBeUndefined();
    expect(decide(source).template.get('AUTOMATIC_VLAN_ID')).toBeUndefined();
  });

  it('needs a device and a number', () => {
    expect(() => decide('VN_MAD="vxlan"\nVLAN_ID="5"')).toThrow('PHYDEV is mandatory for driver vxlan');
    expect(() => decide('VN_MAD="vxlan"\nPHYDEV="eth1"')).toThrow(
      'VLAN_ID (or AUTOMATIC_VLAN_ID) is mandatory for driver vxlan',
    );
  });
});

describe('a network of VN_MAD 802.1Q', () => {
  const source = 'VN_MAD="802.1Q"\nPHYDEV="eth1"\nAUTOMATIC_VLAN_ID="YES"';

  it('gets a tag that no other network has, and that is not reserved', () => {
    expect(decide(source).vlanId).toBe('9');
    expect(decide(source, { cloud: cloudWith(automatic(9), automatic(10)) }).vlanId).toBe('11');
    expect(decide(source, { vlanIds: { START: '2', RESERVED: '0, 1, 9:20, 4095' } }).vlanId).toBe('21');
  });

  it('gets none when all are taken', () => {
    const all = Array.from({ length: 4095 }, (_, tag) => automatic(tag));
    expect(() => decide(source, { cloud: cloudWith(...all) })).toThrow(
      'Cannot automatically assign VLAN_ID to network.',
    );
  });
});
