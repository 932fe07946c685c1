import * as z from 'zod';
import {
  ACL_TYPE,
  type AclRule,
  type AclType,
  decodeRule,
  encodeRule,
  type Selector,
  type SelectorSign,
} from '../../../src/opennebula/acl.ts';
import type { Client } from '../../../src/opennebula/client/client.ts';
import type { OneDocument } from '../../../src/opennebula/client/document.ts';
import { RIGHT, type Right } from '../../../src/opennebula/permissions.ts';
import { cloudResource } from './cloud-resource.ts';

const RIGHTS = Object.keys(RIGHT) as [Right, ...Right[]];
const TYPES = Object.keys(ACL_TYPE) as [AclType, ...AclType[]];

const selector = (signs: string) =>
  z.string().regex(new RegExp(`^(\\*|[${signs}]\\d+)$`), `must be * or one of ${[...signs].join(' ')} with an id`);

export const acl = cloudResource({
  name: 'Acl',
  description: 'A rule that gives users rights on resources, beyond what their owners give. It is replaced as a whole.',
  inputs: {
    user: selector('#@').describe('Whom: `#5` a user, `@100` a group, `*` all.'),
    types: z.array(z.enum(TYPES)).min(1).describe('On which types of resources.'),
    resource: selector('#@%')
      .default('*')
      .describe('Which of them: `#7` one, `@1` a group’s, `%0` a cluster’s, `*` all.'),
    rights: z.array(z.enum(RIGHTS)).min(1),
    zone: selector('#').default('#0'),
  },
  outputs: { rule: z.string().describe('The rule as OpenNebula prints it.') },
  replaceOn: ['user', 'types', 'resource', 'rights', 'zone'],
  async create(client, inputs) {
    const { user, resource, rights, zone } = encodeRule(ruleOf(inputs));
    return client.acl.addrule(user, resource, rights, zone);
  },
  async look(client, id, known) {
    const found = await findRule(client, id);
    if (!found) return undefined;
    const rule = decodeRule({
      user: found.text('USER'),
      resource: found.text('RESOURCE'),
      rights: found.text('RIGHTS'),
      zone: found.text('ZONE'),
    });
    return {
      inputs: {
        user: print(rule.user),
        types: inOrderOf(known?.types, rule.types),
        resource: print(rule.resource),
        rights: inOrderOf(
          known?.rights,
          RIGHTS.filter((right) => rule.rights & RIGHT[right]),
        ),
        zone: print(rule.zone),
      },
      outputs: { rule: found.text('STRING') },
    };
  },
  async update() {
    // Every input replaces the rule.
  },
  async remove(client, id) {
    await client.acl.delrule(id);
  },
});

/** The API has no call for a single rule. */
async function findRule(client: Client, id: number): Promise<OneDocument | undefined> {
  return (await client.acl.info()).objects.find((rule) => rule.id === id);
}

interface Written {
  readonly user: string;
  readonly types: readonly AclType[];
  readonly resource: string;
  readonly rights: readonly Right[];
  readonly zone: string;
}

function ruleOf({ user, types, resource, rights, zone }: Written): AclRule {
  return {
    user: parse(user),
    types,
    resource: parse(resource),
    rights: rights.reduce((sum, right) => sum | RIGHT[right], 0),
    zone: parse(zone),
  };
}

function parse(text: string): Selector {
  return { sign: text.charAt(0) as SelectorSign, id: Number(text.slice(1)) };
}

function print({ sign, id }: Selector): string {
  return sign === '*' ? '*' : `${sign}${id}`;
}

/** OpenNebula keeps sets; the order that was written is no difference. */
function inOrderOf<T>(written: readonly T[] = [], found: readonly T[]): T[] {
  const rank = (item: T) => (written.includes(item) ? written.indexOf(item) : written.length);
  return found.toSorted((a, b) => rank(a) - rank(b));
}
