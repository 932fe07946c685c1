/** Users (src/um/User.cc, 7.4). */
import { type Template, templateXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import { type Quotas, quotasXml } from './quotas.ts';
import type { TemplateRecord } from './record.ts';
import { idList } from './xml-parts.ts';

export interface User extends TemplateRecord {
  /** Primary group. */
  readonly gid: number;
  readonly gname: string;
  /** All groups, the primary one among them. */
  readonly groupIds: readonly number[];
  /** For `core`, the lower-case hexadecimal SHA-256 of the password. */
  readonly password: string;
  readonly authDriver: string;
  readonly enabled: boolean;
  readonly tokens: readonly LoginToken[];
  readonly quotas: Quotas;
}

/** What may be given instead of the password. */
export interface LoginToken {
  readonly token: string;
  /** Epoch seconds; -1: never expires. */
  readonly expiresAt: number;
  /** The group that the token works for; -1: those of the user. */
  readonly egid: number;
}

export const ONEADMIN_ID = 0;
export const SERVERADMIN_ID = 1;

/**
 * Permission bits that the user's new objects do not get: UMASK in the template, or else the configuration's. Of a UMASK
 * counts what is octal at its beginning, as to C++: none of a word (src/um/User.cc, 7.4).
 */
export function umaskOf(template: Template, fallback: number): number {
  const umask = template.get('UMASK') ?? '';
  if (umask === '') return fallback;
  return (Number.parseInt(umask, 8) || 0) & 0o777;
}

/** The element as it stands in the pool: without quotas. */
function userXml(user: User, extra = ''): string {
  return group(
    'USER',
    text('ID', user.id),
    text('GID', user.gid),
    idList('GROUPS', user.groupIds),
    text('GNAME', user.gname),
    text('NAME', user.name),
    cdata('PASSWORD', user.password),
    cdata('AUTH_DRIVER', user.authDriver),
    text('ENABLED', user.enabled ? 1 : 0),
    ...user.tokens.map(({ token, expiresAt, egid }) =>
      group('LOGIN_TOKEN', text('TOKEN', token), text('EXPIRATION_TIME', expiresAt), text('EGID', egid)),
    ),
    group('TEMPLATE', templateXml(user.template)),
    extra,
  );
}

/** The whole document, with quotas; oneadmin has none. */
export function userXmlWithQuotas(user: User, defaults: Quotas): string {
  return userXml(user, quotasXml(user.quotas) + group('DEFAULT_USER_QUOTAS', quotasXml(defaults)));
}

export function userPoolXml(users: Iterable<User>, defaults: Quotas): string {
  return group(
    'USER_POOL',
    ...Array.from(users, (user) => userXml(user) + group('QUOTAS', text('ID', user.id), quotasXml(user.quotas))),
    group('DEFAULT_USER_QUOTAS', quotasXml(defaults)),
  );
}
