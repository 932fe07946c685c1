/** Verbs on owner, group, permissions, name and locks, which several tools share word for word. */
import { LOCK } from '../../../opennebula/client/constants.ts';
import { type Command, command, optional, required } from '../command.ts';
import { GROUP_ID, RANGE, textFormat, USER_ID } from '../formats.ts';
import { flag } from '../option.ts';
import { Refusal } from '../refusal.ts';
import type { Resource } from '../resource.ts';
import type { AnyOption, Run } from '../run.ts';
import { forEach, once } from './each.ts';

type OwnedApi =
  | 'vm'
  | 'image'
  | 'datastore'
  | 'vn'
  | 'template'
  | 'secgroup'
  | 'vrouter'
  | 'vmgroup'
  | 'vntemplate'
  | 'market'
  | 'marketapp';

const KEEP = -1;

/** chgrp, chown and chmod. */
export function ownerCommands(resource: Resource<OwnedApi>): Command[] {
  const { api, kind, title, idList } = resource;
  const ids = required(RANGE, idList);
  return [
    command({
      name: 'chgrp',
      help: `Changes the group of ${title}s.`,
      args: [ids, required(GROUP_ID)],
      run: (run, targets, groupId) =>
        forEach(run, targets, { kind, done: 'Group changed' }, (id) => run.client[api].chown(id, KEEP, groupId)),
    }),
    command({
      name: 'chown',
      help: `Changes the owner, and the group where one is given, of ${title}s.`,
      args: [ids, required(USER_ID), optional(GROUP_ID)],
      run: (run, targets, userId, groupId = KEEP) =>
        forEach(run, targets, { kind, done: 'Owner/Group changed' }, (id) =>
          run.client[api].chown(id, userId, groupId),
        ),
    }),
    chmodCommand(resource, (run, id, bits) => run.client[api].chmod(id, ...bits)),
  ];
}

/** Use, manage and admin of the owner, of the group and of others. */
export type PermissionBits = readonly [number, number, number, number, number, number, number, number, number];

export function chmodCommand(
  { kind, title, idList }: Resource,
  chmod: (run: Run, id: number, bits: PermissionBits) => Promise<unknown>,
  options: readonly AnyOption[] = [],
): Command {
  return command({
    name: 'chmod',
    help: `Changes the permissions of ${title}s, as in 640 or u=rw,g=r (read is use, write manage, execute admin).`,
    args: [required(RANGE, idList), required(textFormat('octet'))],
    options,
    run: (run, targets, octet) => {
      const bits = permissionBits(octet);
      return forEach(run, targets, { kind, done: 'Permissions changed' }, (id) => chmod(run, id, bits));
    },
  });
}

/** Three digits for the owner, the group and others: 4 use, 2 manage, 1 admin. */
export function permissionBits(mode: string): PermissionBits {
  const digits = /^\d+$/.test(mode) ? mode : symbolicMode(mode);
  const [owner, group, other] = [0, 1, 2].map((i) => Number(digits[i] ?? 0));
  const bits = (digit = 0) => [digit & 4 ? 1 : 0, digit & 2 ? 1 : 0, digit & 1] as const;
  return [...bits(owner), ...bits(group), ...bits(other)];
}

function symbolicMode(mode: string): string {
  const parts = mode.split(',').map((part) => part.split('='));
  const digit = (whose: string) => {
    const letters = parts.find(([who]) => who === whose)?.[1] ?? '';
    return ['r', 'w', 'x'].reduce((sum, letter, i) => sum + (letters.includes(letter) ? 4 >> i : 0), 0);
  };
  const digits = ['u', 'g', 'o'].map(digit);
  if (digits.every((value) => value === 0)) throw new Refusal('Error in permissions format');
  return digits.join('');
}

export function renameCommand(resource: Resource<OwnedApi | 'host' | 'cluster' | 'zone' | 'hook' | 'vdc'>): Command {
  const { api, kind, title, id } = resource;
  return command({
    name: 'rename',
    help: `Renames a ${title}.`,
    args: [required(id), required(textFormat('name'))],
    run: (run, target, name) =>
      once(run, target, { kind, done: 'renamed' }, () => run.client[api].rename(target, name)),
  });
}

const USE = flag({ name: 'use', long: '--use', help: 'lock use actions' });
const MANAGE = flag({ name: 'manage', long: '--manage', help: 'lock manage actions' });
const ADMIN = flag({ name: 'admin', long: '--admin', help: 'lock admin actions' });
const ALL = flag({ name: 'all', long: '--all', help: 'lock all actions' });

/** The first that is given counts. */
const LOCK_LEVELS = [
  [USE, LOCK.USE],
  [MANAGE, LOCK.MANAGE],
  [ADMIN, LOCK.ADMIN],
  [ALL, LOCK.ALL],
] as const;

/** `done` is what `-v` calls the object, as in `Image locked`. */
export function lockCommands(
  resource: Resource<'vm' | 'image' | 'vn' | 'template' | 'hook' | 'vrouter' | 'vmgroup' | 'vntemplate' | 'marketapp'>,
  spokenName: string,
): Command[] {
  const { api, kind, title, idList } = resource;
  const ids = required(RANGE, idList);
  return [
    command({
      name: 'lock',
      help: [
        `Locks ${title}s, so that certain actions are refused to everybody.`,
        '--use refuses use, manage and admin actions; --manage those of manage and admin; --admin only those of admin.',
      ].join('\n'),
      args: [ids],
      options: [USE, MANAGE, ADMIN, ALL],
      run: (run, targets) => {
        const [, level] = LOCK_LEVELS.find(([option]) => run.has(option)) ?? [USE, LOCK.USE];
        return forEach(run, targets, { kind, done: `${spokenName} locked` }, (id) => run.client[api].lock(id, level));
      },
    }),
    command({
      name: 'unlock',
      help: `Unlocks ${title}s.`,
      args: [ids],
      run: (run, targets) =>
        forEach(run, targets, { kind, done: `${spokenName} unlocked` }, (id) => run.client[api].unlock(id)),
    }),
  ];
}

/** A verb on a list of objects that takes nothing else. */
export function plainVerb(
  { kind, idList }: Resource,
  verb: { readonly name: string; readonly help: string; readonly done: string; readonly aliases?: readonly string[] },
  act: (run: Run, id: number) => Promise<unknown>,
): Command {
  const { name, help, done, aliases = [] } = verb;
  return command({
    name,
    aliases,
    help,
    args: [required(RANGE, idList)],
    run: (run, targets) => forEach(run, targets, { kind, done }, (id) => act(run, id)),
  });
}
