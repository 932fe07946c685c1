/**
 * Rules of groups that say which VLANs their members may name for networks (src/um/GroupVlans.cc, 7.4):
 * `RULE = [ ID = "1-100,200", SCOPE = "VLAN_ID", VNTEMPLATE = "1" ]`. Without a rule they may name none.
 */
import { parseNumberRanges } from '../../opennebula/number-ranges.ts';
import { isOneOf } from '../../opennebula/tables.ts';
import { type Attribute, Template, templateXml, type Vector } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import { Refusal } from './refusal.ts';

/** What a VLAN is asked for as; a rule may be for ANY of them. */
const SCOPES = ['VLAN_ID', 'OUTER_VLAN_ID', 'CVLAN', 'VLAN_TAGGED_ID'] as const;
export type VlanScope = (typeof SCOPES)[number];

/** ID and VNTEMPLATE are numbers and ranges of them; the latter is `-1` for networks from wherever. */
export type VlanRule = Readonly<Vector>;

/** A rule cannot be read. The message is oned's. */
export class InvalidVlanRule extends Refusal {
  override name = 'InvalidVlanRule';
}

/** @throws InvalidVlanRule */
export function readVlanRules(template: Template): VlanRule[] {
  return template.vectors('RULE').map(readRule);
}

function readRule({ TYPE: _, TARGET_ID: __, ...given }: Vector): VlanRule {
  const id = given.ID ?? '';
  if (id === '') throw new InvalidVlanRule('Missing ID in rule.');
  if (!parseNumberRanges(id)) throw new InvalidVlanRule('Invalid ID specification.');
  const scope = (given.SCOPE ?? '').toUpperCase();
  if (scope !== 'ANY' && !isOneOf(SCOPES, scope)) throw new InvalidVlanRule('Wrong SCOPE in rule.');
  const vnTemplate = given.VNTEMPLATE || ANY_TEMPLATE;
  if (vnTemplate !== ANY_TEMPLATE && !parseNumberRanges(vnTemplate)) {
    throw new InvalidVlanRule('Invalid VNTEMPLATE specification.');
  }
  return { ...given, SCOPE: scope, VNTEMPLATE: vnTemplate };
}

const ANY_TEMPLATE = '-1';

/** Attributes that are no rules: they are kept, and mean nothing. The ID of the rules is their group's. */
export function otherThanRules(template: Template): Attribute[] {
  return template.attributes.filter(([name, value]) => name !== 'ID' && (name !== 'RULE' || typeof value === 'string'));
}

interface Ruled {
  readonly id: number;
  readonly vlanRules?: readonly VlanRule[];
  readonly vlanNotes?: readonly Attribute[];
}

export function vlanRulesXml({ id, vlanRules = [], vlanNotes = [] }: Ruled): string {
  const rules = vlanRules.map((rule) => ['RULE', { ...rule }] as const);
  return group('VLAN_RULES', templateXml(new Template([['ID', String(id)], ...rules, ...vlanNotes])));
}

/** A VLAN that a template of a network asks for. */
export interface VlanRequest {
  readonly scope: VlanScope;
  /** One number, or ranges for CVLAN and VLAN_TAGGED_ID. */
  readonly value: string;
}

/** Attributes of networks and their address ranges, in the order in which oned looks at them. */
const ASKED_BY: readonly (readonly [scope: VlanScope, attribute: string])[] = [
  ['VLAN_ID', 'VLAN_ID'],
  ['CVLAN', 'CVLANS'],
  ['VLAN_TAGGED_ID', 'VLAN_TAGGED_ID'],
  ['OUTER_VLAN_ID', 'OUTER_VLAN_ID'],
];

export function vlanRequests(template: Template): VlanRequest[] {
  const sources = [
    (name: string) => template.get(name),
    ...template.vectors('AR').map((ar) => (name: string) => ar[name]),
  ];
  return sources.flatMap((get) =>
    ASKED_BY.flatMap(([scope, attribute]) => {
      const value = get(attribute) ?? '';
      return value === '' ? [] : [{ scope, value }];
    }),
  );
}

/**
 * Whether the rules of one group let its members have it in networks from a template, -1 for none.
 * @throws InvalidVlanRule when the value is no number, or no ranges
 */
export function allowsVlan(rules: readonly VlanRule[], { scope, value }: VlanRequest, vnTemplateId: number): boolean {
  const isSingle = scope === 'VLAN_ID' || scope === 'OUTER_VLAN_ID';
  const wanted = isSingle && !/^\d+$/.test(value) ? undefined : parseNumberRanges(value);
  if (!wanted) throw new InvalidVlanRule(`Invalid ${scope} specification.`);
  const fitting = rules.filter((rule) => {
    return (rule.SCOPE === scope || rule.SCOPE === 'ANY') && isForTemplate(rule, vnTemplateId);
  });
  const allowed = fitting.flatMap(({ ID = '' }) => parseNumberRanges(ID) ?? []);
  return wanted.every(([first, last]) => allowed.some(([from, to]) => first >= from && last <= to));
}

/** Whether a rule is for networks of this template, be it among others. */
export function isForTemplate({ VNTEMPLATE = ANY_TEMPLATE }: VlanRule, vnTemplateId: number): boolean {
  if (VNTEMPLATE === ANY_TEMPLATE) return true;
  return parseNumberRanges(VNTEMPLATE)?.some(([first, last]) => vnTemplateId >= first && vnTemplateId <= last) ?? false;
}
