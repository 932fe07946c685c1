/** `one.acl.*` (src/rm/api/AclAPI.cc, 7.4). */
import { decodeRule, encodeRule, MalformedRule, printRule } from '../../opennebula/acl.ts';
import { aclPoolXml, createAcl } from '../objects/acl.ts';
import { ZONE_ID } from '../objects/zone.ts';
import { internal } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, optional, string } from './method.ts';

export const aclMethods = [
  defineMethod({
    name: 'one.acl.addrule',
    params: { user: string, resource: string, rights: string, zone: optional(string, '') },
    help: 'Adds a rule, its four parts as hexadecimal numbers.',
    run(call, { user, resource, rights, zone }) {
      authorizeRules(call);
      const rule = readRule({ user, resource, rights, zone: zone === '' ? THIS_ZONE : zone });
      const numbers = JSON.stringify(encodeRule(rule));
      const isKnown = [...call.cloud.pools.acl.all()].some(
        (other) => JSON.stringify(encodeRule(other.rule)) === numbers,
      );
      if (isKnown) throw internal(`Rule ${printRule(rule)} already exists`);
      const { acl: pool } = call.cloud.pools;
      return call.cloud.transaction(() => pool.put(createAcl(pool.nextId(), rule)).id);
    },
  }),
  defineMethod({
    name: 'one.acl.delrule',
    params: { id: int },
    help: 'Removes a rule.',
    run(call, { id }) {
      authorizeRules(call);
      if (!call.cloud.pools.acl.get(id)) throw internal(`Rule ${id} does not exist`);
      call.cloud.transaction(() => call.cloud.pools.acl.delete(id));
      return id;
    },
  }),
  defineMethod({
    name: 'one.acl.info',
    params: {},
    help: 'Lists the rules.',
    run(call) {
      authorizeRules(call);
      return aclPoolXml(call.cloud.pools.acl.all());
    },
  }),
];

const THIS_ZONE = (0x100000000n | BigInt(ZONE_ID)).toString(16);

function authorizeRules(call: Call): void {
  const { resource } = call.creation('ACL');
  call.authorize({ right: 'MANAGE', resource });
}

function readRule(hex: { user: string; resource: string; rights: string; zone: string }) {
  try {
    return decodeRule(hex);
  } catch (error) {
    if (!(error instanceof MalformedRule)) throw error;
    throw internal(`Rule ${error.rule} is malformed: ${error.message}`);
  }
}
