import { describe, expect, it } from 'vitest';
import { labelOf, lookUp, makeDirectory, type NamedObject } from '../../../src/names/directory.ts';
import type { RecordType } from '../../../src/names/dns-message.ts';
import { parseXml } from '../../../src/opennebula/xml.ts';

const object = (id: number, name: string, template: string): NamedObject => ({
  id,
  name,
  element: parseXml(`<X><TEMPLATE>${template}</TEMPLATE></X>`),
});
const nic = (network: number, addresses: string, name = 'NIC') =>
  `<${name}><NETWORK_ID>${network}</NETWORK_ID>${addresses}</${name}>`;

const directory = makeDirectory(
  [
    object(1, 'private', '<DNS_ZONE>Lab</DNS_ZONE>'),
    object(2, 'public', ''),
    object(3, 'broken', '<DNS_ZONE>no such.-zone</DNS_ZONE>'),
  ],
  [
    object(5, 'web', nic(1, '<IP>10.9.0.5</IP><IP6>2001:db8::5</IP6>') + nic(2, '<IP>10.8.0.5</IP>')),
    object(6, 'db (copy)', nic(1, '<IP>10.9.0.6</IP>') + nic(1, '<IP>10.9.0.66</IP>', 'NIC_ALIAS')),
    object(7, 'web', nic(1, '<IP>10.9.0.7</IP>')),
    object(8, 'out', nic(2, '<IP>10.8.0.8</IP>') + nic(3, '<IP>10.7.0.8</IP>')),
  ],
);
const ask = (name: string, type: RecordType | undefined) => lookUp(directory, { name, type, end: 0 });

describe('names of VMs', () => {
  it('have the addresses of their VMs in that network, of each family', () => {
    expect(ask('web.lab', 'A')).toEqual({ code: 'OK', records: ['10.9.0.5', '10.9.0.7'] });
    expect(ask('web.lab', 'AAAA')).toEqual({ code: 'OK', records: ['2001:db8::5'] });
  });

  it('have those of aliases', () => {
    expect(ask('db-copy.lab', 'A')).toEqual({ code: 'OK', records: ['10.9.0.6', '10.9.0.66'] });
  });

  it('stand for addresses the other way round', () => {
    expect(ask('6.0.9.10.in-addr.arpa', 'PTR')).toEqual({ code: 'OK', records: ['db-copy.lab'] });
    const digits = `5.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`;
    expect(ask(digits, 'PTR')).toEqual({ code: 'OK', records: ['web.lab'] });
  });

  it('have nothing of other types, and are not denied', () => {
    expect(ask('web.lab', undefined)).toEqual({ code: 'OK', records: [] });
    expect(ask('db-copy.lab', 'AAAA')).toEqual({ code: 'OK', records: [] });
    expect(ask('lab', 'A')).toEqual({ code: 'OK' });
  });

  it('that nobody has are denied in their own domains only', () => {
    expect(ask('nobody.lab', 'A')).toEqual({ code: 'NO_SUCH_NAME' });
    expect(ask('example.org', 'A')).toBeUndefined();
    expect(ask('out.lab', 'A')).toEqual({ code: 'NO_SUCH_NAME' });
    expect(ask('5.0.8.10.in-addr.arpa', 'PTR')).toBeUndefined();
  });

  it.each([
    ['Web Server (3)', 'web-server-3'],
    ['-x-', 'x'],
    ['é', ''],
    ['a'.repeat(80), 'a'.repeat(63)],
  ])('are made of %j', (name, label) => {
    expect(labelOf(name)).toBe(label);
  });
});
