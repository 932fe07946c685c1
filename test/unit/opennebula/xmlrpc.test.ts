import { describe, expect, it } from 'vitest';
import {
  decodeCall,
  decodeResponse,
  EscapedText,
  encodeCall,
  encodeFault,
  encodeResponse,
  escapeString,
  XmlRpcFault,
  XmlRpcSyntaxError,
  type XmlRpcValue,
} from '../../../src/opennebula/xmlrpc.ts';

const call = (params: string) => `<?xml version="1.0"?><methodCall><methodName>m</methodName>${params}</methodCall>`;
const param = (content: string) => call(`<params><param><value>${content}</value></param></params>`);

describe('opennebula/xmlrpc', () => {
  it.each<[string, XmlRpcValue]>([
    ['a string', 'a <b> & "c" ]]> \r\n é'],
    ['the empty string', ''],
    ['an integer', -7],
    ['a fraction', 0.5],
    ['booleans', [true, false]],
    ['nested arrays', [1, [2, [], ['x']]]],
    ['a struct', { methodName: 'one.vm.info', params: [1, true] }],
    ['nothing', null],
  ])('sends and reads %s unchanged', (_, value) => {
    expect(decodeCall(encodeCall('one.vm.info', [value]))).toEqual({ method: 'one.vm.info', params: [value] });
    expect(decodeResponse(encodeResponse(value))).toEqual(value);
  });

  it('writes what OpenNebula writes', () => {
    expect(encodeResponse([true, '<VM><![CDATA[x]]></VM>', 0, -1n])).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\r\n<methodResponse><params><param><value><array><data>' +
        '<value><boolean>1</boolean></value>' +
        '<value><string>&lt;VM&gt;&lt;![CDATA[x]]&gt;&lt;/VM&gt;</string></value>' +
        '<value><i4>0</i4></value><value><i8>-1</i8></value>' +
        '</data></array></value></param></params></methodResponse>',
    );
  });

  it('takes text that is escaped already as it is', () => {
    expect(decodeResponse(encodeResponse(new EscapedText(['&lt;', 'VM/&gt;'])))).toBe('<VM/>');
  });

  it('replaces characters that XML cannot carry', () => {
    expect(decodeResponse(encodeResponse('a\u0000b\u001b[0m'))).toBe('a?b?[0m');
  });

  it('escapes every character alike in short texts, in long ones and beside such as are no ASCII', () => {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join('');
    const escaped = ascii
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
      .replace(/[\x00-\x08\x0B\x0C\x0E-\x1F]/g, '?')
      .replace(/[&<>\r]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '&#x0d;');
    expect(escapeString(ascii)).toBe(escaped);
    expect(escapeString(`${ascii}ü€`)).toBe(`${escaped}ü€`);
    expect(escapeString(ascii.repeat(1000))).toBe(escaped.repeat(1000));
    expect(escapeString('')).toBe('');
  });

  it.each([
    ['a value without a type as a string', 'plain', 'plain'],
    ['an empty value as a string', '', ''],
    ['white space around a typed value', '\n  <int> 5 </int>\n ', 5],
    [
      'int, i4 and i8',
      '<array><data><value><int>1</int></value><value><i4>2</i4></value><value><i8>3</i8></value></data></array>',
      [1, 2, 3],
    ],
    ['base64 as text', '<base64>aGFsbG8=</base64>', 'hallo'],
    ['CDATA', '<string><![CDATA[<x>]]></string>', '<x>'],
    ['a date as text', '<dateTime.iso8601>20261123T16:00:00</dateTime.iso8601>', '20261123T16:00:00'],
  ])('reads %s', (_, content, value) => {
    expect(decodeCall(param(content)).params).toEqual([value]);
  });

  it('reads a call without parameters', () => {
    expect(decodeCall(call(''))).toEqual({ method: 'm', params: [] });
    expect(decodeCall(call('<params/>'))).toEqual({ method: 'm', params: [] });
  });

  it('throws the fault that a response carries', () => {
    const fault = new XmlRpcFault(-506, "Method 'one.vmx.info' not defined");
    expect(() => decodeResponse(encodeFault(fault))).toThrow(fault);
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['an open element', '<methodCall><methodName>m'],
    ['another root', '<html></html>'],
    ['no method', '<methodCall></methodCall>'],
    ['an unknown type', param('<float>1</float>')],
    ['an integer that is none', param('<int>1.5</int>')],
    ['a boolean that is none', param('<boolean>yes</boolean>')],
    ['a number that is none', param('<double></double>')],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "aaaa">]>${param('&a;')}`],
    ['an unknown entity', param('&a;')],
    ['an array outside of a value', call('<params><array/></params>')],
    ['elements without end', '<value>'.repeat(100_000)],
  ])('refuses %s', (_, source) => {
    expect(() => decodeCall(source)).toThrow(XmlRpcSyntaxError);
  });

  it('does not let a member name reach the prototype', () => {
    const struct = '<struct><member><name>__proto__</name><value><int>1</int></value></member></struct>';
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(decodeCall(param(struct)).params[0] as object)).toEqual(['__proto__']);
  });
});
