import { describe, expect, it } from 'vitest';
import { readNetworkDocument } from '../../../../src/drivers/vnm/bridged/network-document.ts';
import { parseXml } from '../../../../src/opennebula/xml.ts';
import { networkDocument } from '../../../support/vm-documents.ts';

const read = (nics: readonly Record<string, string>[]) =>
  readNetworkDocument(parseXml(networkDocument({ id: 7, nics })), 'bridge');

describe('readNetworkDocument', () => {
  it('finds VM and host, whose parents are repeated', () => {
    expect(read([])).toMatchObject({ vmId: '7', host: 'host-1' });
  });

  it('has the NICs of its driver, and those of others not at all', () => {
    const nics = [{ BRIDGE: 'a', PHYDEV: 'eth1' }, { BRIDGE: 'b' }, { BRIDGE: 'c', VN_MAD: 'dummy' }];
    expect(read(nics).nics.map(({ BRIDGE }) => BRIDGE)).toEqual(['a', 'b']);
  });

  it('names the cables of all NICs, or of the one that is being detached', () => {
    expect(read([{ BRIDGE: 'a' }, { BRIDGE: 'a' }]).targets).toEqual(['one-7-0', 'one-7-1']);
    expect(read([{ BRIDGE: 'a' }, { BRIDGE: 'a', ATTACH: 'YES' }]).targets).toEqual(['one-7-1']);
  });

  it.each(['<VM/>', '<VM><ID>7</ID></VM>'])('refuses %s', (text) => {
    expect(() => readNetworkDocument(parseXml(text), 'bridge')).toThrow('The document names no VM and host.');
  });
});
