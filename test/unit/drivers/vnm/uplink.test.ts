import { describe, expect, it } from 'vitest';
import { bridgeUplink, ownUplink, vlanUplink, vxlanUplink } from '../../../../src/drivers/vnm/bridged/uplink.ts';

const NIC = { NETWORK: 'private', BRIDGE: 'onebr.5', PHYDEV: 'eth1', VLAN_ID: '5' };
const vxlan = (more: Readonly<Record<string, string>> = {}) => vxlanUplink({ ...NIC, ...more }).args;

describe('bridgeUplink', () => {
  it('is a bridge, with a port where one is named', () => {
    expect(bridgeUplink({ BRIDGE: 'vmbr0' })).toEqual({ verb: 'bridge-ensure', args: ['vmbr0'], counted: false });
    expect(bridgeUplink({ BRIDGE: 'vmbr0', PHYDEV: 'eth1', VLAN_ID: '5' }).args).toEqual(['vmbr0', 'eth1']);
  });
});

describe('vxlanUplink', () => {
  it('speaks to a multicast group of the network, unless it is told otherwise', () => {
    expect(vxlan()).toEqual(['onebr.5', 'eth1', '5', 'group=239.0.0.5', 'ttl=16']);
    expect(vxlan({ VXLAN_MC: '239.1.0.0', VLAN_ID: '258', MTU: '1400' })).toEqual([
      ...['onebr.5', 'eth1', '258', 'mtu=1400', 'group=239.1.1.2', 'ttl=16'],
    ]);
  });

  it('leaves the table of machines to a control plane', () => {
    expect(vxlan({ VXLAN_MODE: 'evpn' })).toEqual(['onebr.5', 'eth1', '5', 'endpoint=device', 'ttl=16']);
    expect(vxlan({ VXLAN_MODE: 'evpn', VXLAN_TEP: 'local_ip' })).toContain('endpoint=address');
  });

  it('speaks to each of the machines that are named', () => {
    const conf = 'vxlan_mode=unicast, vxlan_peers=10.0.0.11 10.0.0.12,vxlan_ttl=4';
    expect(vxlan({ CONF: conf }).slice(3)).toEqual([
      ...['endpoint=device', 'ttl=4', 'peer=10.0.0.11', 'peer=10.0.0.12'],
    ]);
    expect(vxlan({ VXLAN_MODE: 'unicast', VXLAN_PEERS: '10.0.0.11, 10.0.0.12' })).toContain('peer=10.0.0.12');
    expect(() => vxlan({ VXLAN_MODE: 'unicast' })).toThrow('Network private has VXLAN_MODE=unicast and no VXLAN_PEERS');
  });

  it('lets an attribute win over CONF', () => {
    expect(vxlan({ VXLAN_MODE: 'evpn', CONF: 'vxlan_mode=multicast' })).toContain('endpoint=device');
  });

  it('passes on options of the device', () => {
    expect(vxlan({ IP_LINK_CONF: 'dstport=4789,tos=3, nolearning=,udp6zerocsumrx=' }).slice(-4)).toEqual([
      ...['dstport=4789', 'tos=3', 'flag=nolearning', 'flag=udp6zerocsumrx'],
    ]);
  });

  it('refuses a network that lacks something, and a mode that nobody knows', () => {
    expect(() => vxlan({ PHYDEV: '', VLAN_ID: '' })).toThrow('Network private has no PHYDEV and no VLAN_ID.');
    expect(() => vxlan({ VXLAN_MODE: 'anycast' })).toThrow('is multicast, evpn or unicast, and not anycast');
  });
});

describe('vlanUplink', () => {
  it('is a tagged device', () => {
    expect(vlanUplink({ ...NIC, MTU: '9000' })).toEqual({
      verb: 'vlan-ensure',
      args: ['onebr.5', 'eth1', '5', 'mtu=9000'],
      counted: true,
    });
  });
});

describe('ownUplink', () => {
  it('is what the attributes of the network ask for', () => {
    expect(ownUplink({ ...NIC, VXLAN_MODE: 'multicast' }).verb).toBe('vxlan-ensure');
    expect(ownUplink(NIC).verb).toBe('vlan-ensure');
    expect(ownUplink({ BRIDGE: 'vmbr0', PHYDEV: 'eth1' }).verb).toBe('bridge-ensure');
  });
});
