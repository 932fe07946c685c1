import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../src/opennebula/template.ts';
import { attributesOf, templateText } from '../../../stacks/provider/cloud/attributes.ts';

describe('templateText', () => {
  it('writes singles, vectors and lists, and leaves out what is undefined', () => {
    const text = templateText(
      { NAME: 'a "b"', PATH: undefined, PERSISTENT: true },
      { NIC: [{ network_id: 1 }, { ip: 'x' }] },
    );
    expect(parseTemplate(text).attributes).toEqual([
      ['NAME', 'a "b"'],
      ['PERSISTENT', 'YES'],
      ['NIC', { NETWORK_ID: '1' }],
      ['NIC', { IP: 'x' }],
    ]);
  });
});

describe('attributesOf', () => {
  it('gives back what was written while the document says the same', () => {
    const written = { CPU_COST: 2, NIC: [{ IP: 'x' }], GONE: 'y' };
    const template = parseTemplate('CPU_COST="2"\nNIC=[IP="x"]\nOTHER="z"');
    expect(attributesOf(template, Object.keys(written), written)).toEqual({ CPU_COST: 2, NIC: [{ IP: 'x' }] });
  });

  it('gives what the document says where it differs', () => {
    expect(attributesOf(parseTemplate('A="2"'), ['A'], { A: 1 })).toEqual({ A: '2' });
  });
});
