/** Login tokens: what a user may give instead of his password (src/rm/api/UserAPI.cc login, src/um/LoginToken.cc, 7.4). */
import type { LoginToken, User } from '../objects/user.ts';
import { ApiError, notPossible, wrongParameter } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, optional, secret, string } from './method.ts';
import { randomToken } from './passwords.ts';

const MAX_TOKENS = 10;

export const loginMethod: Method = defineMethod({
  name: 'one.user.login',
  params: { name: string, token: secret, seconds: int, egid: optional(int, -1) },
  help: 'Makes a token for a user, of his own words or random, that is valid for a time (-1: for ever), or ends it (0).',
  run(call, { name, token, seconds, egid }) {
    const user = call.cloud.pools.user.byName(name);
    if (!user) throw new ApiError('NO_EXISTS');
    call.authorize(call.on('user', user, 'MANAGE'));
    const longest = longestSeconds(call, user);
    if (longest === 0) {
      put(call, user, []);
      throw notPossible(`Login tokens are disabled for driver ${user.authDriver}`);
    }
    if (seconds < -1) throw wrongParameter('Wrong valid period for token');
    if (seconds === 0) {
      put(call, user, withoutToken(user, token));
      return token;
    }
    checkGroup(call, user, egid);
    const valid = longest > 0 && (seconds > longest || seconds === -1) ? longest : seconds;
    const made = token === '' ? randomToken() : token;
    const now = call.services.clock.now();
    const others = user.tokens.filter((other) => other.token !== made && !isExpired(other, now));
    if (others.length >= MAX_TOKENS) throw wrongParameter('Max number of tokens limit reached.');
    put(call, user, [...others, { token: made, expiresAt: valid === -1 ? -1 : now + valid, egid }]);
    return made;
  },
});

/** -1: no limit, 0: no tokens at all. */
function longestSeconds(call: Call, user: User): number {
  const limit = call.services.configuration.driver('AUTH_MAD_CONF', user.authDriver)?.MAX_TOKEN_TIME;
  return limit === undefined || limit === '' ? -1 : Number(limit);
}

function withoutToken(user: User, token: string): LoginToken[] {
  if (token === '') return [];
  const others = user.tokens.filter((other) => other.token !== token);
  if (others.length === user.tokens.length) throw wrongParameter(`Could not find token: ${token}`);
  return others;
}

/** A token for one group, by someone who works for that group; one for all groups, by someone who works for all. */
function checkGroup(call: Call, user: User, egid: number): void {
  const own = call.caller.groupIds;
  if (egid !== -1 && !call.isAdmin && !(user.groupIds.includes(egid) && own.includes(egid))) {
    throw wrongParameter('EGID is not in user group list');
  }
  const sameGroups = user.groupIds.length === own.length && user.groupIds.every((id) => own.includes(id));
  if (egid === -1 && !sameGroups) throw wrongParameter('Cannot create a full token with a specific group token');
}

function isExpired({ expiresAt }: LoginToken, now: number): boolean {
  return expiresAt !== -1 && expiresAt <= now;
}

function put(call: Call, user: User, tokens: readonly LoginToken[]): void {
  const sorted = tokens.toSorted((a, b) => (a.token < b.token ? -1 : 1));
  call.cloud.transaction(() => call.cloud.pools.user.put({ ...user, tokens: sorted }));
}
