/**
 * From a session, `user:secret`, to who asks (src/um/UserPool.cc, 7.4). The secret is the password or a login token.
 * Passwords are checked by driver `core` only; users of other drivers come with tokens.
 */
import type { User } from '../objects/user.ts';
import type { Cloud } from '../store/cloud.ts';
import type { Caller } from './call.ts';
import { hashPassword, passwordFits, sameText } from './passwords.ts';

/** @returns undefined for an unknown or disabled user and a wrong secret, which callers cannot tell apart */
export function authenticate(cloud: Cloud, session: string, now: number): Caller | undefined {
  const colon = session.indexOf(':');
  if (colon < 1) return undefined;
  const user = cloud.pools.user.byName(session.slice(0, colon));
  const secret = session.slice(colon + 1);
  if (!user?.enabled || secret === '') return undefined;
  return withPassword(cloud, user, secret) ?? withToken(cloud, user, secret, now);
}

function withPassword(cloud: Cloud, user: User, password: string): Caller | undefined {
  if (user.authDriver !== 'core') return undefined;
  const fit = passwordFits(password, user.password);
  if (fit === undefined) return undefined;
  if (fit === 'sha1') {
    cloud.transaction(() => cloud.pools.user.put({ ...user, password: hashPassword(password) }));
  }
  return { user, gid: user.gid, gname: user.gname, groupIds: user.groupIds };
}

function withToken(cloud: Cloud, user: User, secret: string, now: number): Caller | undefined {
  const token = user.tokens.find((candidate) => sameText(candidate.token, secret));
  if (!token || (token.expiresAt >= 0 && token.expiresAt <= now)) return undefined;
  if (token.egid < 0) return { user, gid: user.gid, gname: user.gname, groupIds: user.groupIds };
  const group = cloud.pools.group.get(token.egid);
  if (!group || !user.groupIds.includes(token.egid)) return undefined;
  return { user, gid: group.id, gname: group.name, groupIds: [group.id] };
}
