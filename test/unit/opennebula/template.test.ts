import { describe, expect, it } from 'vitest';
import { parseTemplate, printTemplate, Template, templateXml } from '../../../src/opennebula/template.ts';

describe('parseTemplate, text form', () => {
  const rows: [title: string, source: string, attributes: unknown][] = [
    ['blanks around the sign', 'NAME = value', [['NAME', 'value']]],
    [
      'several assignments in a line',
      'A=1 B=2',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    ['a value over several lines', 'A="one\ntwo"', [['A', 'one\ntwo']]],
    ['an escaped quote, every other backslash kept', 'A="say \\"hi\\" C:\\\\x"', [['A', 'say "hi" C:\\\\x']]],
    [
      'an empty value before a line feed',
      'A=\nB=1',
      [
        ['A', ''],
        ['B', '1'],
      ],
    ],
    [
      'a comment behind a value',
      'A=1 # one\nB=2',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    ['a hash that ends an unquoted value', 'D=a#b\n', [['D', 'a']]],
    [
      'names in upper case',
      'name=x v=[ip=1]',
      [
        ['NAME', 'x'],
        ['V', { IP: '1' }],
      ],
    ],
    [
      'names that XML could not hold',
      '2ND=x\nXMLA=y\n',
      [
        ['ONE_2ND', 'x'],
        ['ONE_XMLA', 'y'],
      ],
    ],
    ['a vector over lines', 'DISK = [ IMAGE = "a b",\n SIZE=5 ]', [['DISK', { IMAGE: 'a b', SIZE: '5' }]]],
    ['the first of a repeated name in a vector', 'V=[A=1,A=2]', [['V', { A: '1' }]]],
    [
      'repeated names at the top',
      'A=1\nA=2',
      [
        ['A', '1'],
        ['A', '2'],
      ],
    ],
    ['an empty vector', 'V=[]', [['V', {}]]],
    ['outer blanks trimmed', 'A="  x "', [['A', 'x']]],
  ];
  it.each(rows)('reads %s', (_title, source, attributes) => {
    expect(parseTemplate(source).attributes).toEqual(attributes);
  });

  it.each([
    ['NAME="x"\nCPU=[', 'syntax error, unexpected $end, expecting CBRACKET or VARIABLE at line 1, columns 14:15'],
    ['X=[A=1,]', 'syntax error, unexpected CBRACKET, expecting VARIABLE at line 0, columns 8:9'],
    ['D=a=b', 'syntax error, unexpected EQUAL, expecting $end at line 0, columns 4:5'],
    ['KEY=', 'syntax error, unexpected $end, expecting OBRACKET or CCDATA or STRING at line 0, columns 4:5'],
  ])('refuses %j with the words of oned', (source, message) => {
    expect(() => parseTemplate(source)).toThrow(`Parse error: ${message}`);
  });

  it('refuses a value that would end a CDATA section', () => {
    expect(() => parseTemplate('A="x]]>y"')).toThrow('Parse error.');
  });
});

describe('parseTemplate, XML form', () => {
  it('takes children with text as single attributes, with elements as vectors', () => {
    const template = parseTemplate('<VM><name> x </name><DISK><aB>1</aB></DISK><EMPTY/></VM>');
    expect(template.attributes).toEqual([
      ['NAME', 'x'],
      ['DISK', { aB: '1' }],
    ]);
  });

  it('keeps names that mean something to JavaScript', () => {
    const source = '<VM><DISK><constructor>a</constructor><__proto__>b</__proto__></DISK></VM>';
    expect(templateXml(parseTemplate(source))).toBe(
      '<DISK><__proto__><![CDATA[b]]></__proto__><constructor><![CDATA[a]]></constructor></DISK>',
    );
  });

  it('refuses what is not well-formed', () => {
    expect(() => parseTemplate('<A><B></A>')).toThrow('Parse error: XML Template malformed.');
  });
});

describe('Template', () => {
  it('merges by name: every attribute of a name given anew replaces all of that name', () => {
    const template = parseTemplate('NIC=[A=1]\nNIC=[A=2]\nKEEP=1\nGONE=[X=1]\n');
    template.merge(parseTemplate('NIC=[A=3]\nGONE=[]\nNEW=\nOTHER=2'));
    expect(template.attributes).toEqual([
      ['KEEP', '1'],
      ['NIC', { A: '3' }],
      ['NEW', ''],
      ['OTHER', '2'],
    ]);
  });

  it('prints sorted elements, values as CDATA', () => {
    const template = new Template([
      ['B', '1'],
      ['A', { Y: '2', X: '<3>' }],
      ['EMPTY', {}],
      ['A', ''],
    ]);
    expect(templateXml(template)).toBe(
      '<A><X><![CDATA[<3>]]></X><Y><![CDATA[2]]></Y></A><A><![CDATA[]]></A><B><![CDATA[1]]></B>',
    );
  });

  it('prints text that reads back as the same template', () => {
    const template = parseTemplate('A="say \\"hi\\""\nV=[X="1,2",Y="a=b"]\nE=""');
    expect(parseTemplate(printTemplate(template)).attributes).toEqual(template.attributes);
  });

  it('gives clones vectors of their own', () => {
    const template = parseTemplate('V=[A=1]');
    const clone = template.clone();
    Object.assign(clone.vector('V') ?? {}, { A: '2' });
    expect(template.vector('V')).toEqual({ A: '1' });
  });
});

describe('what a template says yes to', () => {
  it.each([
    ['A=YES', true],
    ['A="yes"', true],
    ['A=TRUE', false],
    ['A=NO', false],
    ['A=[B=YES]', false],
    ['B=YES', false],
  ])('%s: %s', (source, says) => {
    expect(parseTemplate(`${source}\n`).isYes('A')).toBe(says);
  });
});
