/**
 * Permission bits of an object: use, manage and admin for its owner, its group and all others. They are kept as the
 * octal number that `chmod` shows, so 0o600 is `um- --- ---` (src/pool/PoolObjectSQL.cc, 7.4).
 */
import { group, text } from './xml.ts';

export type Permissions = number;

export const RIGHT = { USE: 1, MANAGE: 2, ADMIN: 4, CREATE: 8 } as const;
export type Right = keyof typeof RIGHT;

/** Bits in the order in which documents print them and `chmod` takes them. */
export const PERMISSION_BITS = [
  ['OWNER_U', 0o400],
  ['OWNER_M', 0o200],
  ['OWNER_A', 0o100],
  ['GROUP_U', 0o040],
  ['GROUP_M', 0o020],
  ['GROUP_A', 0o010],
  ['OTHER_U', 0o004],
  ['OTHER_M', 0o002],
  ['OTHER_A', 0o001],
] as const;

/** Rights as the ACL numbers them (`RIGHT`) that a class of users is given. */
export function rightsFor(permissions: Permissions, who: 'owner' | 'group' | 'other'): number {
  const digit = (permissions >> { owner: 6, group: 3, other: 0 }[who]) & 7;
  return (digit & 4 ? RIGHT.USE : 0) | (digit & 2 ? RIGHT.MANAGE : 0) | (digit & 1 ? RIGHT.ADMIN : 0);
}

export function permissionsXml(permissions: Permissions): string {
  return group('PERMISSIONS', ...PERMISSION_BITS.map(([name, bit]) => text(name, permissions & bit ? 1 : 0)));
}

/**
 * Bits of an object that a user creates: all but `admin` for ordinary users, less what the user's umask takes away
 * (src/um/User.cc get_umask, src/pool/PoolObjectSQL.cc set_umask).
 */
export function initialPermissions(options: {
  readonly umask: Permissions;
  readonly byAdmin: boolean;
  readonly allowOther: boolean;
}): Permissions {
  const full = options.byAdmin ? 0o777 : options.allowOther ? 0o666 : 0o660;
  return full & ~options.umask & 0o777;
}
