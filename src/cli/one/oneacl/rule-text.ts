/**
 * Access rules as people write them, `#5 VM+NET/@1 USE+MANAGE #0`: who, on what, which rights, in which zone; and as the
 * API takes them, hexadecimal numbers (src/oca/ruby/opennebula/acl.rb, 7.4). The numbers exceed 2^53.
 */
import { isKeyOf } from '../../../opennebula/tables.ts';
import { Refusal } from '../refusal.ts';

const ID_FLAGS = { '#': 1n << 32n, '@': 1n << 33n, '*': 1n << 34n, '%': 1n << 35n } as const;

/** Types of resources, their bit, and their letter in `oneacl list`; hooks have none there. */
const RESOURCE_TYPES: Readonly<Record<string, { readonly bit: bigint; readonly letter?: string }>> = {
  VM: { bit: 36n, letter: 'V' },
  HOST: { bit: 37n, letter: 'H' },
  NET: { bit: 38n, letter: 'N' },
  IMAGE: { bit: 39n, letter: 'I' },
  USER: { bit: 40n, letter: 'U' },
  TEMPLATE: { bit: 41n, letter: 'T' },
  GROUP: { bit: 42n, letter: 'G' },
  DATASTORE: { bit: 44n, letter: 'D' },
  CLUSTER: { bit: 45n, letter: 'C' },
  DOCUMENT: { bit: 46n, letter: 'O' },
  ZONE: { bit: 47n, letter: 'Z' },
  SECGROUP: { bit: 48n, letter: 'S' },
  VDC: { bit: 49n, letter: 'v' },
  VROUTER: { bit: 50n, letter: 'R' },
  MARKETPLACE: { bit: 51n, letter: 'M' },
  MARKETPLACEAPP: { bit: 52n, letter: 'A' },
  VMGROUP: { bit: 53n, letter: 'P' },
  VNTEMPLATE: { bit: 54n, letter: 't' },
  HOOK: { bit: 55n },
  BACKUPJOB: { bit: 56n, letter: 'B' },
};

const RIGHTS: Readonly<Record<string, { readonly bit: bigint; readonly letter: string }>> = {
  USE: { bit: 0n, letter: 'u' },
  MANAGE: { bit: 1n, letter: 'm' },
  ADMIN: { bit: 2n, letter: 'a' },
  CREATE: { bit: 3n, letter: 'c' },
};

/**
 * User, resource, rights and, when given, zone as the API takes them.
 * @throws Refusal naming all that is wrong
 */
export function encodeRule(rule: string): string[] {
  const parts = rule.split(' ').filter((part) => part !== '');
  const [user, resource, rights, zone] = parts;
  if (parts.length > 4 || user === undefined || resource === undefined || rights === undefined) {
    throw new Refusal('String needs three components: User, Resource, Rights');
  }
  const problems: string[] = [];
  const encode = (read: (text: string) => bigint, text: string) => {
    try {
      return read(text).toString(16);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(error.message);
      return '';
    }
  };
  const numbers = [encode(readId, user), encode(readResource, resource), encode(readRights, rights)];
  if (zone !== undefined) numbers.push(encode(readId, zone));
  if (problems.length > 0) throw new Refusal(problems.join(', '));
  return numbers;
}

function readId(text: string): bigint {
  const [, sign, digits = '0'] = /^([#@%])(\d+)$/.exec(text) ?? /^(\*)$/.exec(text) ?? [];
  if (sign === undefined || !isKeyOf(ID_FLAGS, sign)) throw new Refusal(`ID string '${text}' malformed`);
  return ID_FLAGS[sign] + BigInt(digits);
}

function readResource(text: string): bigint {
  const parts = text.split('/');
  const [types, id] = parts;
  if (parts.length !== 2 || types === undefined || id === undefined) throw new Refusal(`Resource '${text}' malformed`);
  const bits = types.split('+').map((type) => bitOf(RESOURCE_TYPES, type, 'Resource'));
  return bits.reduce((sum, bit) => sum | bit, 0n) + readId(id);
}

function readRights(text: string): bigint {
  return text.split('+').reduce((sum, right) => sum | bitOf(RIGHTS, right, 'Right'), 0n);
}

function bitOf(table: Readonly<Record<string, { readonly bit: bigint }>>, name: string, what: string): bigint {
  const entry = table[name.toUpperCase()];
  if (!entry) throw new Refusal(`${what} '${name}' does not exist`);
  return 1n << entry.bit;
}

/** `VM+NET` as `V-N----------------`, a place for each type. */
export function resourceMask(types: string): string {
  return mask(RESOURCE_TYPES, types);
}

/** `USE+MANAGE` as `um--`. */
export function rightsMask(rights: string): string {
  return mask(RIGHTS, rights);
}

function mask(table: Readonly<Record<string, { readonly letter?: string }>>, names: string): string {
  const set = new Set(names.split('+'));
  return Object.entries(table)
    .flatMap(([name, { letter }]) => (letter === undefined ? [] : [set.has(name) ? letter : '-']))
    .join('');
}
