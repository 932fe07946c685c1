/**
 * The language of access control lists: a rule says that a user may use rights on resources in a zone, and travels as
 * four hexadecimal numbers (src/acl/AclRule.cc and include/PoolObjectSQL.h, 7.4). Types of resources lie above 2^53, so
 * the numbers are bigints.
 */
import { RIGHT } from './permissions.ts';
import { keysOf } from './tables.ts';

/** Types of resources by the word that rules and error messages use, in the order in which rules are printed. */
export const ACL_TYPE = {
  VM: 0x1000000000n,
  HOST: 0x2000000000n,
  NET: 0x4000000000n,
  IMAGE: 0x8000000000n,
  USER: 0x10000000000n,
  TEMPLATE: 0x20000000000n,
  GROUP: 0x40000000000n,
  DATASTORE: 0x100000000000n,
  CLUSTER: 0x200000000000n,
  DOCUMENT: 0x400000000000n,
  ZONE: 0x800000000000n,
  SECGROUP: 0x1000000000000n,
  VDC: 0x2000000000000n,
  VROUTER: 0x4000000000000n,
  MARKETPLACE: 0x8000000000000n,
  MARKETPLACEAPP: 0x10000000000000n,
  VMGROUP: 0x20000000000000n,
  VNTEMPLATE: 0x40000000000000n,
  BACKUPJOB: 0x100000000000000n,
} as const;

export type AclType = keyof typeof ACL_TYPE;

/** Whom or what a part of a rule selects: `#5` one, `@1` a group, `%0` a cluster, `*` all. */
export type SelectorSign = '#' | '@' | '%' | '*';

export interface Selector {
  readonly sign: SelectorSign;
  /** 0 for `*`. */
  readonly id: number;
}

export interface AclRule {
  readonly user: Selector;
  readonly types: readonly AclType[];
  readonly resource: Selector;
  readonly rights: number;
  readonly zone: Selector;
}

const SIGN_BIT: Record<SelectorSign, bigint> = {
  '#': 0x100000000n,
  '@': 0x200000000n,
  '*': 0x400000000n,
  '%': 0x800000000n,
};

const ID_MASK = 0xffffffffn;

/** The 32 low bits, with their sign: a rule whose id is below zero is refused, and printed with that id. */
const idIn = (number: bigint): number => Number(BigInt.asIntN(32, number));

export function encodeSelector(selector: Selector): bigint {
  return SIGN_BIT[selector.sign] | BigInt(selector.id);
}

/** The four numbers of a rule, lower-case hexadecimal without prefix, as documents print them. */
export function encodeRule(rule: AclRule): { user: string; resource: string; rights: string; zone: string } {
  const types = rule.types.reduce((sum, type) => sum | ACL_TYPE[type], 0n);
  return {
    user: encodeSelector(rule.user).toString(16),
    resource: (types | encodeSelector(rule.resource)).toString(16),
    rights: BigInt.asUintN(64, BigInt(rule.rights)).toString(16),
    zone: encodeSelector(rule.zone).toString(16),
  };
}

/** As oneacl and ACL/STRING show it: `@1 VM+IMAGE/* CREATE *`. */
export function printRule(rule: AclRule): string {
  const { user, types, resource, zone } = rule;
  return `${printSelector(user)} ${types.join('+')}/${printSelector(resource)} ${printRights(rule.rights)} ${printSelector(zone)}`;
}

function printSelector({ sign, id }: Selector): string {
  return sign === '*' ? '*' : `${sign}${id}`;
}

function printRights(rights: number): string {
  return keysOf(RIGHT)
    .filter((right) => rights & RIGHT[right])
    .join('+');
}

/** The rule is not acceptable. The message is oned's words for what is wrong. */
export class MalformedRule extends Error {
  override name = 'MalformedRule';
  /** The rule as oned prints it, `??` for what it does not say. */
  readonly rule: string;

  constructor(rule: string, problems: readonly string[]) {
    // oned forgets to part this one from those before it.
    super(problems.join('; ').replaceAll(`; ${ZONE_OF_GROUP}`, ZONE_OF_GROUP));
    this.rule = rule;
  }
}

/**
 * Reads the hexadecimal numbers of a rule, with or without `0x`.
 * @throws MalformedRule with all problems, in oned's words
 */
export function decodeRule(hex: { user: string; resource: string; rights: string; zone: string }): AclRule {
  const user = BigInt.asUintN(64, parseHex(hex.user));
  const resource = BigInt.asUintN(64, parseHex(hex.resource));
  // Looked at with its sign: a number below zero stands for all rights.
  const rights = parseHex(hex.rights);
  const zone = BigInt.asUintN(64, parseHex(hex.zone));
  const problems = [
    ...problemsOfUser(user),
    ...problemsOfResource(resource),
    ...(rights === 0n ? ['wrong [rights], it cannot be 0'] : []),
    ...(rights > 0xfn ? ['wrong [rights], it cannot be bigger than 0xF'] : []),
    ...problemsOfZone(zone, resource),
  ];
  if (problems.length > 0) {
    const whom = printNumber(user, ['@', '#', '*']);
    const what = `${typesOf(resource).join('+')}/${printNumber(resource, ['@', '#', '%', '*'])}`;
    const where = printNumber(zone, ['#', '*']);
    throw new MalformedRule(`${whom} ${what} ${printRights(Number(rights & 0xfn))} ${where}`, problems);
  }
  return {
    user: decodeSelector(user),
    types: typesOf(resource),
    resource: decodeSelector(resource),
    rights: Number(rights),
    zone: decodeSelector(zone),
  };
}

const LARGEST = 2n ** 63n - 1n;

/** As C++ reads a `long long`: whatever stands behind the digits does not count, and what is too large is the largest. */
function parseHex(hex: string): bigint {
  const [, sign, digits] = /^\s*([+-]?)(?:0x)?([0-9a-f]+)/i.exec(hex) ?? [];
  if (digits === undefined) return 0n;
  const number = BigInt(`0x${digits}`);
  if (sign === '-') return number > LARGEST ? -LARGEST - 1n : -number;
  return number > LARGEST ? LARGEST : number;
}

/** @param signs that may stand there; the first one that is set counts */
function printNumber(number: bigint, signs: readonly SelectorSign[]): string {
  const sign = signs.find((candidate) => has(number, candidate));
  return sign === undefined ? '??' : printSelector({ sign, id: idIn(number) });
}

function decodeSelector(number: bigint): Selector {
  const sign = keysOf(SIGN_BIT).find((candidate) => number & SIGN_BIT[candidate]);
  return { sign: sign ?? '*', id: Number(number & ID_MASK) };
}

function typesOf(resource: bigint): AclType[] {
  return keysOf(ACL_TYPE).filter((type) => resource & ACL_TYPE[type]);
}

const maskOf = (...types: readonly AclType[]) => types.reduce((sum, type) => sum | ACL_TYPE[type], 0n);

// INVALID_CLUSTER_OBJECTS of src/acl/AclRule.cc says nothing of BACKUPJOB.
const IN_CLUSTERS = maskOf('HOST', 'NET', 'DATASTORE', 'BACKUPJOB');
const WITHOUT_GROUP = maskOf('HOST', 'GROUP', 'CLUSTER', 'ZONE', 'VDC');
const ALL_TYPES = maskOf(...keysOf(ACL_TYPE));
const TYPE_BITS = 0xfffffff000000000n;
/** That of rules themselves, which no rule can be about. */
const TYPE_OF_RULES = 0x80000000000000n;
const FEDERATED = maskOf('USER', 'GROUP', 'ZONE', 'VDC') | TYPE_OF_RULES;
const NOT_IN_CLUSTERS = (ALL_TYPES & ~IN_CLUSTERS) | TYPE_OF_RULES;
const SIGNS = 0xf00000000n;

function has(number: bigint, ...signs: readonly SelectorSign[]): boolean {
  return signs.every((sign) => number & SIGN_BIT[sign]);
}

function problemsOfUser(user: bigint): string[] {
  return [
    ...(has(user, '#', '@') ? ['[user] INDIVIDUAL (#) and GROUP (@) bits are exclusive'] : []),
    ...(has(user, '#', '*') ? ['[user] INDIVIDUAL (#) and ALL (*) bits are exclusive'] : []),
    ...(has(user, '@', '*') ? ['[user] GROUP (@) and ALL (*) bits are exclusive'] : []),
    ...(user & 0x700000000n ? [] : ['[user] is missing one of the INDIVIDUAL, GROUP or ALL bits']),
    ...(idIn(user) < 0 ? ['[user] ID cannot be negative'] : []),
    ...(has(user, '*') && user & ID_MASK ? ['when using the ALL bit, [user] ID must be 0'] : []),
  ];
}

function problemsOfResource(resource: bigint): string[] {
  const types = resource & TYPE_BITS;
  const signs = keysOf(SIGN_BIT).filter((sign) => has(resource, sign));
  return [
    ...(signs.length > 1 ? ['[resource] INDIVIDUAL (#), GROUP (@), CLUSTER (%) and ALL (*) bits are exclusive'] : []),
    ...(has(resource, '%') && types & NOT_IN_CLUSTERS
      ? ['[resource] CLUSTER(%) selector can be applied only to DATASTORE, HOST and NET types']
      : []),
    ...(has(resource, '@') && types & WITHOUT_GROUP
      ? ['[resource] GROUP(@) selector cannot be applied to HOST, GROUP, CLUSTER, ZONE or VDC types']
      : []),
    ...(resource & SIGNS ? [] : ['[resource] is missing one of the INDIVIDUAL, GROUP, CLUSTER or ALL bits']),
    ...(idIn(resource) < 0 ? ['[resource] ID cannot be negative'] : []),
    ...(has(resource, '*') && resource & ID_MASK ? ['when using the ALL bit, [resource] ID must be 0'] : []),
    ...(types === 0n ? ['[resource] type is missing'] : []),
    ...(types & ~ALL_TYPES ? ['wrong [resource] type'] : []),
  ];
}

const ZONE_OF_GROUP = '[zone] GROUP (@) bit is not supported';

function problemsOfZone(zone: bigint, resource: bigint): string[] {
  const types = resource & TYPE_BITS;
  return [
    ...(has(zone, '@') ? [ZONE_OF_GROUP] : []),
    ...(has(zone, '#', '*') ? ['[zone] INDIVIDUAL (#) and ALL (*) bits are exclusive'] : []),
    ...(zone & 0x700000000n ? [] : ['[zone] is missing one of the INDIVIDUAL or ALL bits']),
    ...(idIn(zone) < 0 ? ['[zone] ID cannot be negative'] : []),
    ...(has(zone, '*') && zone & ID_MASK ? ['when using the ALL bit, [zone] ID must be 0'] : []),
    ...(has(zone, '*') && has(resource, '#') && types & ~FEDERATED
      ? ['[resource] INDIVIDUAL(#) selector cannot be applied to ALL zones, except for USER, GROUP and ZONE types']
      : []),
  ];
}
