import { describe, expect, it } from 'vitest';
import { type MachineConfig, printConfig, readConfig } from '../../../lxc/machine-config.ts';

const CONFIG: MachineConfig = {
  labels: { sandbox: 'demo', machine: 'host-1', role: 'host', address: '10.1.0.11', fingerprint: 'abc' },
  layers: ['/cache/bundle-1', '/cache/base-2'],
  folder: '/state/onedock-demo-host-1',
  nics: [
    { bridge: 'br-m', link: 'link-m', address: '10.1.0.11/24', gateway: '10.1.0.1' },
    { bridge: 'br-v', link: 'link-v' },
  ],
  binds: [{ from: '/state/onedock-demo-host-1/data/docker', to: '/var/lib/docker' }],
};

describe('printConfig', () => {
  const lines = printConfig(CONFIG).split('\n');

  it('lays the machine over its layers, the uppermost first, as overlayfs has them', () => {
    expect(lines).toContain('lxc.rootfs.path = overlay:/cache/bundle-1:/cache/base-2:/state/onedock-demo-host-1/upper');
  });

  it.each([
    ['v1', 'lxc.cgroup'],
    ['v2', 'lxc.cgroup2'],
  ])('lets the machine use every device under control groups %s', (_, prefix) => {
    expect(lines).toContain(`${prefix}.devices.allow = a`);
  });

  it('says the same of control groups in either version', () => {
    const settings = (prefix: string) =>
      lines.flatMap((line) => (line.startsWith(`${prefix}.`) ? [line.slice(prefix.length)] : []));
    expect(settings('lxc.cgroup')).toEqual(settings('lxc.cgroup2'));
  });

  it('lets the machine write the control groups that the kernel has, of whatever version', () => {
    expect(lines).toContain('lxc.mount.auto = proc:rw sys:rw cgroup:rw:force');
  });

  it('gives a NIC its address, and none to one that is a port', () => {
    expect(lines).toContain('lxc.net.0.ipv4.address = 10.1.0.11/24');
    expect(lines).toContain('lxc.net.0.ipv4.gateway = 10.1.0.1');
    expect(lines).toContain('lxc.net.1.veth.pair = link-v');
    expect(lines.filter((line) => line.startsWith('lxc.net.1.ipv4'))).toEqual([]);
  });

  it('gives a machine that is made again the same MAC addresses', () => {
    const macs = (text: string) => text.match(/hwaddr = 02(:[0-9a-f]{2}){5}$/gm);
    expect(macs(printConfig(CONFIG))).toEqual(macs(printConfig(CONFIG)));
    expect(new Set(macs(printConfig(CONFIG))).size).toBe(2);
  });

  it('binds real directories', () => {
    expect(lines).toContain(
      'lxc.mount.entry = /state/onedock-demo-host-1/data/docker var/lib/docker none bind,create=dir 0 0',
    );
  });
});

describe('readConfig', () => {
  it('reads back what was printed', () => {
    expect(readConfig(printConfig(CONFIG))).toEqual({ labels: CONFIG.labels, layers: CONFIG.layers });
  });

  it("knows another program's container for what it is", () => {
    expect(readConfig('lxc.uts.name = web\nlxc.rootfs.path = dir:/var/lib/lxc/web/rootfs\n')).toBeUndefined();
  });
});
