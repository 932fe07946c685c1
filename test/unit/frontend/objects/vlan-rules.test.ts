import { describe, expect, it } from 'vitest';
import {
  allowsVlan,
  isForTemplate,
  readVlanRules,
  vlanRequests,
  vlanRulesXml,
} from '../../../../src/frontend/objects/vlan-rules.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';

const rules = (text: string) => readVlanRules(parseTemplate(text));

describe('a rule', () => {
  it('is kept with its scope in capitals, and for every template unless it names one', () => {
    expect(rules('RULE = [ ID = "1-100,200", SCOPE = "vlan_id", TYPE = "x", TARGET_ID = "y" ]')).toEqual([
      { ID: '1-100,200', SCOPE: 'VLAN_ID', VNTEMPLATE: '-1' },
    ]);
  });

  it.each([
    ['SCOPE = "ANY"', 'Missing ID in rule.'],
    ['ID = "1-", SCOPE = "ANY"', 'Invalid ID specification.'],
    ['ID = "1"', 'Wrong SCOPE in rule.'],
    ['ID = "1", SCOPE = "VXLAN"', 'Wrong SCOPE in rule.'],
    ['ID = "1", SCOPE = "ANY", VNTEMPLATE = "all"', 'Invalid VNTEMPLATE specification.'],
  ])('is refused: %s', (rule, reason) => {
    expect(() => rules(`RULE = [ ${rule} ]`)).toThrow(reason);
  });

  it('stands in the document of its group', () => {
    expect(vlanRulesXml({ id: 7, vlanRules: rules('RULE = [ ID = "5", SCOPE = "ANY" ]') })).toBe(
      '<VLAN_RULES><ID><![CDATA[7]]></ID><RULE><ID><![CDATA[5]]></ID><SCOPE><![CDATA[ANY]]></SCOPE><VNTEMPLATE><![CDATA[-1]]></VNTEMPLATE></RULE></VLAN_RULES>',
    );
    expect(vlanRulesXml({ id: 7 })).toBe('<VLAN_RULES><ID><![CDATA[7]]></ID></VLAN_RULES>');
  });
});

describe('what is asked for', () => {
  it('stands in a network and in its ranges', () => {
    const template = parseTemplate('VLAN_ID = 5\nCVLANS = "1,3-4"\nAR = [ SIZE = 1, OUTER_VLAN_ID = 9 ]\n');
    expect(vlanRequests(template)).toEqual([
      { scope: 'VLAN_ID', value: '5' },
      { scope: 'CVLAN', value: '1,3-4' },
      { scope: 'OUTER_VLAN_ID', value: '9' },
    ]);
  });

  const given = rules(
    'RULE = [ ID = "10-20,30", SCOPE = "VLAN_ID" ]\nRULE = [ ID = "20-10", SCOPE = "ANY", VNTEMPLATE = "3-4" ]\n',
  );

  it.each<[scope: 'VLAN_ID' | 'CVLAN', value: string, template: number, allowed: boolean]>([
    ['VLAN_ID', '10', -1, true],
    ['VLAN_ID', '20', -1, true],
    ['VLAN_ID', '30', 9, true],
    ['VLAN_ID', '21', -1, false],
    ['CVLAN', '10', -1, false],
    ['CVLAN', '10', 4, true],
    ['CVLAN', '11-12,15', 3, true],
    ['CVLAN', '11-12,21', 3, false],
  ])('%s %s in networks from template %i: %j', (scope, value, template, allowed) => {
    expect(allowsVlan(given, { scope, value }, template)).toBe(allowed);
  });

  it.each<['VLAN_ID' | 'CVLAN', string]>([
    ['VLAN_ID', '1-2'],
    ['CVLAN', '1,'],
  ])('is refused when it is no number or range: %s %s', (scope, value) => {
    expect(() => allowsVlan(given, { scope, value }, -1)).toThrow(`Invalid ${scope} specification.`);
  });

  it('is for a template when a rule names it or none', () => {
    expect(given.map((rule) => isForTemplate(rule, 4))).toEqual([true, true]);
    expect(given.map((rule) => isForTemplate(rule, 5))).toEqual([true, false]);
  });
});
