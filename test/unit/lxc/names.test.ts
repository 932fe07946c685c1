import { describe, expect, it } from 'vitest';
import {
  bridgeName,
  containerName,
  firewallTable,
  linkName,
  NETWORK_KINDS,
  networkLabel,
  parseFirewallTable,
  parseNetworkLabel,
  SANDBOX_NAME,
} from '../../../lxc/names.ts';

const SANDBOXES = ['demo', 'a', 'my-cloud-2', 'abcdefghij-klmnopqr9'];

describe.each(SANDBOXES)('names of sandbox %s', (sandbox) => {
  it('is one that is allowed', () => {
    expect(sandbox).toMatch(SANDBOX_NAME);
  });

  it.each(['frontend', 'host-1', 'host-32'])(
    'has a container for %s whose name a host name has room for',
    (machine) => {
      expect(containerName(sandbox, machine)).toBe(`onedock-${sandbox}-${machine}`);
      expect(containerName(sandbox, machine).length).toBeLessThan(64);
    },
  );

  it.each(NETWORK_KINDS)('has a bridge and links for the %s network that the kernel takes', (kind) => {
    expect(bridgeName(sandbox, kind).length).toBeLessThanOrEqual(15);
    expect(linkName(sandbox, 'host-32', kind).length).toBeLessThanOrEqual(15);
  });

  it.each(NETWORK_KINDS)('has a label for the %s network that tells both', (kind) => {
    expect(parseNetworkLabel(networkLabel(sandbox, kind))).toEqual({ sandbox, kind });
  });

  it('has a table that tells it', () => {
    expect(firewallTable(sandbox)).toMatch(/^[a-z0-9_]+$/);
    expect(parseFirewallTable(firewallTable(sandbox))).toBe(sandbox);
  });
});

describe('names of others', () => {
  it.each(['', 'my bridge', 'onedock:demo:other'])('"%s" is no label', (label) => {
    expect(parseNetworkLabel(label)).toBeUndefined();
  });

  it.each(['filter', 'lxc', 'onedocker'])('%s is no table', (table) => {
    expect(parseFirewallTable(table)).toBeUndefined();
  });

  it.each(['', 'Demo', '1st', '-a', 'a_b', 'a'.repeat(21), '../x'])('"%s" is no name of a sandbox', (name) => {
    expect(name).not.toMatch(SANDBOX_NAME);
  });
});

it('gives each network and machine a link of its own', () => {
  const machines = ['frontend', 'host-1', 'host-2'];
  const links = machines.flatMap((machine) => NETWORK_KINDS.map((kind) => linkName('demo', machine, kind)));
  expect(new Set(links).size).toBe(6);
  expect(linkName('demo', 'host-1', 'vms')).not.toBe(linkName('other', 'host-1', 'vms'));
});
