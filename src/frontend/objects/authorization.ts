/**
 * Who may do what (src/acl/AclManager.cc, src/authm/AuthManager.cc, src/pool/PoolSQL.cc, 7.4). A right is granted when
 * one rule gives it: a rule of the access control list, or one of the three that an object's permission bits stand for.
 * No rule denies; members of oneadmin's group need none. Locks hold for everybody.
 */
import type { AclRule } from '../../opennebula/acl.ts';
import { RIGHT, type Right, rightsFor } from '../../opennebula/permissions.ts';
import { isOneOf } from '../../opennebula/tables.ts';
import { ONEADMIN_GROUP_ID } from './group.ts';
import { type AuthType, KINDS, type Kind, type Records } from './kinds.ts';
import type { LockableRecord, OwnedRecord } from './record.ts';
import { ONEADMIN_ID } from './user.ts';
import { ZONE_ID } from './zone.ts';

/** Who asks: a user with the groups that count for this request. */
export interface Subject {
  readonly uid: number;
  readonly groupIds: readonly number[];
}

/** What is asked about: an object, or, without an id, objects of a type. */
export interface Resource {
  readonly type: AuthType;
  /** -1 when it does not exist yet. */
  readonly id: number;
  readonly uid: number;
  readonly gid: number;
  readonly permissions: number;
  readonly clusterIds: readonly number[];
  /** Lock level; 0: none. */
  readonly lock: number;
  /** A reservation belongs to whoever made it: rules for all networks or a cluster's do not reach it. */
  readonly reserved: boolean;
}

export interface Demand {
  readonly right: Right;
  readonly resource: Resource;
  /** Asked whatever lock there is, as `info` and `unlock` do. */
  readonly despiteLock?: boolean;
}

/** Something that does not exist yet, which a CREATE is about. */
export function newResource(type: AuthType, owner: { readonly uid: number; readonly gid: number }): Resource {
  const { uid, gid } = owner;
  return { type, id: -1, uid, gid, permissions: 0, clusterIds: [], lock: 0, reserved: false };
}

/** No object in particular: only rules for all objects of the type hold. */
export function anyOf(type: AuthType): Resource {
  return newResource(type, { uid: -1, gid: -1 });
}

/** What records of some kinds have beside those of others. */
type AnyRecord = Partial<OwnedRecord> &
  LockableRecord & {
    readonly clusterIds?: readonly number[];
    readonly clusterId?: number;
    readonly parentId?: number;
  };

export function resourceOf<K extends Kind>(kind: K, record: Records[K]): Resource {
  const { uid = -1, gid = -1, permissions = 0, lock, clusterIds, clusterId, parentId = -1 }: AnyRecord = record;
  const base = {
    type: KINDS[kind].authType,
    id: record.id,
    clusterIds: clusterIds ?? (clusterId === undefined ? [] : [clusterId]),
    lock: lock?.level ?? 0,
    reserved: kind === 'vnet' && parentId >= 0,
  };
  // A user may use and manage himself, and use his groups.
  if (kind === 'user') return { ...base, uid: record.id, gid, permissions: 0o600 };
  if (kind === 'group') return { ...base, uid: -1, gid: record.id, permissions: 0o040 };
  return { ...base, uid, gid, permissions };
}

export function isAdmin({ uid, groupIds }: Subject): boolean {
  return uid === ONEADMIN_ID || groupIds.includes(ONEADMIN_GROUP_ID);
}

/**
 * Holds demands against the rules.
 * @returns oned's reason when one is refused; undefined when all are granted
 */
export function refusalOf(subject: Subject, demands: readonly Demand[], rules: Iterable<AclRule>): string | undefined {
  const admin = isAdmin(subject);
  const refused = demands.filter((demand) => !(admin ? !isLocked(demand) : isGranted(subject, demand, rules)));
  if (refused.length === 0) return undefined;
  return refused
    .map(({ right, resource: { type, id } }) => {
      const what = admin ? `${type} is locked.` : `Not authorized to perform ${right} ${type}`;
      return id < 0 ? what : `${what} [${id}]`;
    })
    .join('; ');
}

function isLocked({ right, resource, despiteLock }: Demand): boolean {
  return !despiteLock && resource.lock > 0 && resource.lock <= RIGHT[right];
}

function isGranted(subject: Subject, demand: Demand, rules: Iterable<AclRule>): boolean {
  if (isLocked(demand)) return false;
  const { right, resource } = demand;
  if (grantedByPermissions(subject, RIGHT[right], resource)) return true;
  for (const rule of rules) if (appliesTo(rule, subject, RIGHT[right]) && selects(rule, resource)) return true;
  return false;
}

function grantedByPermissions(subject: Subject, right: number, { id, uid, gid, permissions }: Resource): boolean {
  if (id < 0) return false;
  return (
    (rightsFor(permissions, 'other') & right) !== 0 ||
    (subject.uid === uid && (rightsFor(permissions, 'owner') & right) !== 0) ||
    (subject.groupIds.includes(gid) && (rightsFor(permissions, 'group') & right) !== 0)
  );
}

function appliesTo(rule: AclRule, subject: Subject, right: number): boolean {
  const { user, zone } = rule;
  const inZone = zone.sign === '*' || zone.id === ZONE_ID;
  const toUser =
    user.sign === '*' || (user.sign === '#' ? user.id === subject.uid : subject.groupIds.includes(user.id));
  return inZone && toUser && (rule.rights & right) === right;
}

function selects({ types, resource: { sign, id } }: AclRule, resource: Resource): boolean {
  if (!isOneOf(types, resource.type)) return false;
  if (sign === '*') return !resource.reserved;
  if (sign === '#') return resource.id === id;
  if (sign === '@') return resource.gid === id;
  return !resource.reserved && resource.clusterIds.includes(id);
}

/**
 * Which objects of a type a user may use, worked out once for a whole pool.
 * @returns a test for a resource; locks do not count
 */
export function usableBy(subject: Subject, type: AuthType, rules: Iterable<AclRule>): (resource: Resource) => boolean {
  if (isAdmin(subject)) return () => true;
  const matching = [...rules].filter((rule) => isOneOf(rule.types, type) && appliesTo(rule, subject, RIGHT.USE));
  return (resource) =>
    grantedByPermissions(subject, RIGHT.USE, resource) || matching.some((rule) => selects(rule, resource));
}
