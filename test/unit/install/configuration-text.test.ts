import { describe, expect, it } from 'vitest';
import { findSetting, readConfigurationText } from '../../../src/install/configuration-text.ts';
import { parseTemplate } from '../../../src/opennebula/template.ts';
import * as files from '../../support/oned-conf.ts';

describe('readConfigurationText', () => {
  it.each([
    ['oned.conf', files.ONED_CONF],
    ['monitord.conf', files.MONITORD_CONF],
  ])('reads the entries that OpenNebula reads: %s', (_, text) => {
    const read = readConfigurationText(text).map(({ name, value, vector }) => [
      name,
      value?.text ?? Object.fromEntries([...vector].map(([key, placed]) => [key, placed.text])),
    ]);
    expect(read).toEqual(parseTemplate(text).attributes);
  });

  it('tells where a value stands, quotes included', () => {
    const text = 'A = 1\nB = [ C = "x \\" y", # why\n D = 2 ]\n';
    const [, entry] = readConfigurationText(text);
    const { text: value, start = 0, end } = entry?.vector.get('C') ?? {};
    expect([value, text.slice(start, end)]).toEqual(['x " y', '"x \\" y"']);
    expect(text.slice(entry?.start, entry?.end)).toBe('B = [ C = "x \\" y", # why\n D = 2 ]');
  });

  it.each([
    ['A = 1\n] = 2\n', 2, 'a name is expected, not `] = 2`'],
    ['A\n', 1, '`=` behind A is expected, not the end of the line'],
    ['A = [ B = 1\n  C = 2 ]\n', 2, '`,` or `]` behind B is expected, not `C = 2 ]`'],
    ['A = [ B = 1,\n', 2, 'an attribute of A, or `]` is expected, not the end of the line'],
  ])('says what it cannot read: %j', (text, line, message) => {
    expect(() => readConfigurationText(text)).toThrow(expect.objectContaining({ line, message }));
  });
});

describe('findSetting', () => {
  it('gives the value of a single attribute, comments and quotes left out', () => {
    const text = '# PORT = 1\nPORT = 2634 # as elsewhere\nLOG = [ PORT = 3 ]\nHOSTNAME = "fe"\n';
    expect(['PORT', 'HOSTNAME', 'LOG', 'NONE'].map((name) => findSetting(text, name))).toEqual([
      '2634',
      'fe',
      undefined,
      undefined,
    ]);
  });
});
