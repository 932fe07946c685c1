/** one.user, one.group, their pools and default quotas, and one.acl. */
import { boolean, call, element, id, int, ints, optional, pool, string, text } from '../call.ts';
import { OneDocument } from '../document.ts';
import { Group, User } from '../views.ts';
import { basic, info } from './common.ts';

const { rename: _, ...userBasics } = basic;

export const user = {
  ...userBasics,
  info: info(User),
  /** Name, password, driver ('' is core), groups, the first of which becomes the primary one. */
  allocate: call([string, string, optional(string, ''), optional(ints, [])], id),
  passwd: call([int, string], id),
  chauth: call([int, string, optional(string, '')], id),
  enable: call([int, boolean], id),
  chgrp: call([int, int], id),
  addgroup: call([int, int], id),
  delgroup: call([int, int], id),
  quota: call([int, string], id),
  /** User name, token ('' makes one), seconds of validity (-1 for ever, 0 resets), group; answers the token. */
  login: call([string, string, int, optional(int, -1)], text),
};

export const userpool = { info: call([], pool(User)) };

export const userquota = { info: call([], element), update: call([string], element) };

export const group = {
  ...userBasics,
  info: info(Group),
  allocate: call([string], id),
  quota: call([int, string], id),
  addadmin: call([int, int], id),
  deladmin: call([int, int], id),
  vlan: call([int, string], id),
};

export const grouppool = { info: call([], pool(Group)) };

export const groupquota = { info: call([], element), update: call([string], element) };

export const acl = {
  /** Rules, in the order in which oned keeps them. */
  info: call([], pool(OneDocument)),
  /** User, resource, rights and zone as hexadecimal numbers without `0x`. */
  addrule: call([string, string, string, optional(string, '')], id),
  delrule: call([int], id),
};
