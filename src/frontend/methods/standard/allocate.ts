/** What making objects has in common: names, owners, and the answer when it fails. */
import { initialPermissions } from '../../../opennebula/permissions.ts';
import type { Template } from '../../../opennebula/template.ts';
import { ONEADMIN_GROUP_ID } from '../../objects/group.ts';
import { KINDS, type Kind } from '../../objects/kinds.ts';
import { nameProblem } from '../../objects/names.ts';
import type { OwnedRecord } from '../../objects/record.ts';
import { ONEADMIN_ID, umaskOf } from '../../objects/user.ts';
import type { Call } from '../call.ts';

/** Kinds of which OpenNebula says so without a full stop. */
const WITHOUT_STOP: ReadonlySet<Kind> = new Set(['marketplace', 'marketapp']);

/** Why an object cannot have a name, in oned's words; undefined when it can. */
export function namingObstacle(
  call: Call,
  kind: Kind,
  name: string,
  uid: number,
  alsoInvalid = '',
): string | undefined {
  const problem = nameProblem(name, alsoInvalid);
  if (problem !== undefined) return problem;
  const { namesUnique, authType } = KINDS[kind];
  const other = namesUnique === 'no' ? undefined : call.cloud.pools[kind].byName(name, uid);
  if (!other) return undefined;
  const taken = `NAME is already taken by ${TAKEN_BY[kind] ?? authType} ${other.id}`;
  return WITHOUT_STOP.has(kind) ? taken : `${taken}.`;
}

/** Where a pool calls its objects otherwise than rules do (`allocate` of src/*Pool.cc, 7.4). */
const TAKEN_BY: { readonly [K in Kind]?: string } = {
  secgroup: 'SecurityGroup',
  vmgroup: 'VMGroup',
  vntemplate: 'VN TEMPLATE',
  backupjob: 'BACKUP JOB',
};

/** Owner and permissions of an object that the caller makes. */
export function ownedByCaller(call: Call): Omit<OwnedRecord, 'id' | 'name'> {
  const { owner, caller, services } = call;
  const permissions = initialPermissions({
    umask: umaskOf(caller.user.template, Number.parseInt(services.configuration.text('DEFAULT_UMASK'), 8)),
    byAdmin: owner.uid === ONEADMIN_ID || owner.gid === ONEADMIN_GROUP_ID,
    allowOther: services.configuration.flag('ENABLE_OTHER_PERMISSIONS'),
  });
  return { ...owner, permissions };
}

/**
 * Makes an object. oned gives back the id of one that came to nothing, unless it is the pool's very first.
 * @throws what `make` throws
 */
export function makeOrSpendFirstId<T>({ cloud }: Call, kind: Kind, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const pool = cloud.pools[kind];
    if (pool.lastId < 0) cloud.transaction(() => pool.nextId());
    throw error;
  }
}

/** NAME of a template, taken out of it. */
export function takeName(template: Template): string {
  const name = template.get('NAME') ?? '';
  template.delete('NAME');
  return name;
}
