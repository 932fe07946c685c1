import { describe, expect, it } from 'vitest';
import { linkAddressOf } from '../../../provision/link-address.ts';
import { linkCommands, networkId, overlayNetwork, peerCommands } from '../../../provision/overlay-network.ts';

const PORTS = [
  { device: 'onedock-mgmt', network: 'management', address: '10.1.0.11/24' },
  { device: 'onedock-vms', network: 'vms', address: undefined },
] as const;

describe('networkId', () => {
  it('keeps sandboxes and their networks apart, in the upper half of the 24 bits', () => {
    const ids = ['demo', 'other'].flatMap((name) => [networkId(name, 'management'), networkId(name, 'vms')]);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toSatisfy((each: number) => each >= 0x80_0000 && each <= 0xff_ffff);
    expect(networkId('demo', 'vms')).toBe(ids[1]);
  });
});

describe('linkCommands', () => {
  it('make a VXLAN that leaves room for its own headers, and is found at once after its machine was off', () => {
    const id = networkId('demo', 'management');
    expect(linkCommands('demo', PORTS[0])).toEqual([
      `link add onedock-mgmt address ${linkAddressOf('10.1.0.11/24')} mtu 1450 type vxlan id ${id} dstport 4789`,
      'address add 10.1.0.11/24 dev onedock-mgmt',
      'link set onedock-mgmt up',
    ]);
  });

  it('give no address to a port of a bridge', () => {
    expect(linkCommands('demo', PORTS[1]).join()).not.toContain('address');
  });
});

describe('peerCommands', () => {
  it('send frames for all to every peer, on every network', () => {
    expect(peerCommands(['a', 'b'], ['192.0.2.1', '192.0.2.2'])).toEqual([
      'fdb append 00:00:00:00:00:00 dev a dst 192.0.2.1',
      'fdb append 00:00:00:00:00:00 dev a dst 192.0.2.2',
      'fdb append 00:00:00:00:00:00 dev b dst 192.0.2.1',
      'fdb append 00:00:00:00:00:00 dev b dst 192.0.2.2',
    ]);
  });
});

describe('overlayNetwork', () => {
  it('is made at boot, before the bridge that has it as a port and before containers start again', () => {
    const { files = [], units } = overlayNetwork({ sandbox: 'demo', ports: PORTS, peers: [] });
    const unit = String(files.find(({ path }) => path.endsWith('.service'))?.content);
    expect(unit).toContain('Before=onedock-vm-network.service\nBefore=docker.service');
    expect(unit).toContain('ConditionPathExists=!/sys/class/net/onedock-mgmt');
    expect(units).toEqual([{ name: 'onedock-overlay.service', wantedBy: 'multi-user.target' }]);
  });
});
