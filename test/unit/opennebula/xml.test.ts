import { describe, expect, it } from 'vitest';
import { cdata, find, findAll, findText, group, leaves, parseXml, text } from '../../../src/opennebula/xml.ts';

const VM = parseXml('<VM><ID>7</ID><TEMPLATE><DISK><SIZE>1</SIZE></DISK><DISK><SIZE>2</SIZE></DISK></TEMPLATE></VM>');

describe('reading', () => {
  it('finds all elements at a path, under every parent', () => {
    expect(findAll(VM, 'TEMPLATE/DISK/SIZE').map((size) => size.text)).toEqual(['1', '2']);
    expect(findText(VM, 'ID')).toBe('7');
    expect(find(VM, 'NAME')).toBeUndefined();
  });

  it('joins text and CDATA, and keeps only text children as leaves', () => {
    const element = parseXml('<A><B>x<![CDATA[<y>]]></B><C><D/></C></A>');
    expect(leaves(element)).toEqual({ B: 'x<y>' });
  });

  it.each([
    ['no element', ''],
    ['an unclosed element', '<A>'],
    ['a document type, and so entity bombs', '<!DOCTYPE a [<!ENTITY x "y">]><A>&x;</A>'],
    ['nesting without end', '<A>'.repeat(100)],
  ])('refuses %s', (_title, source) => {
    expect(() => parseXml(source)).toThrow();
  });
});

describe('writing', () => {
  it('escapes text, and leaves CDATA as it is', () => {
    expect(group('A', text('B', 'a<b&c>'), cdata('C', 'a<b'))).toBe(
      '<A><B>a&lt;b&amp;c&gt;</B><C><![CDATA[a<b]]></C></A>',
    );
  });

  it('never lets a value end its CDATA section', () => {
    expect(parseXml(cdata('A', 'x]]>y')).text).toBe('x]]>y');
  });
});
