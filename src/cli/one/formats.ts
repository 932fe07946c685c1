/** The formats of arguments that all commands share (src/cli/command_parser.rb and one_helper.rb, 7.4). */
import { FILTER } from '../../opennebula/client/constants.ts';
import { isKeyOf } from '../../opennebula/tables.ts';
import type { Format } from './command.ts';
import { findId, findIds, type Kind } from './names.ts';
import { Refusal } from './refusal.ts';

/** A format that takes anything. */
export function textFormat(name: string, help = 'String'): Format<string> {
  return { name, help, read: (text) => text };
}

export const FILE: Format<string> = {
  name: 'file',
  help: 'Path to a file',
  read: (text, { io }) => io.readFile(text),
};

export function intFormat(name: string, help: string): Format<number> {
  return {
    name,
    help,
    read: (text) => {
      if (!/^\d+$/.test(text)) throw new Refusal(`Argument '${text}' is not a valid ID`);
      return Number(text);
    },
  };
}

/** `1,8..15`, each id once. */
export const RANGE: Format<number[]> = {
  name: 'range',
  help: "List of id's in the form 1,8..15",
  read: (typed) => {
    const parts = typed.replaceAll(' ', '').split(',');
    if (!parts.every((part) => /^\d+(\.\.\d+)?$/.test(part))) return undefined;
    const ids = parts.flatMap((part) => {
      const [first = 0, last = first] = part.split('..').map(Number);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
    });
    return [...new Set(ids)];
  },
};

/** Name or id of one object, as in `vmid`. */
export function idFormat(name: string, kind: Kind): Format<number> {
  return { name, help: `OpenNebula ${kind} name or id`, read: (text, run) => findId(run, kind, text) };
}

/** Names and ids with commas, as in `vmid_list`; stands behind `RANGE`. */
export function idListFormat(name: string, kind: Kind): Format<number[]> {
  return {
    name,
    help: `Comma-separated list of OpenNebula ${kind} names or ids`,
    read: (text, run) => findIds(run, kind, text),
  };
}

export const USER_ID = idFormat('userid', 'USER');
export const GROUP_ID = idFormat('groupid', 'GROUP');
export const HOST_ID = idFormat('hostid', 'HOST');
export const DATASTORE_ID = idFormat('datastoreid', 'DATASTORE');
export const IMAGE_ID = idFormat('imageid', 'IMAGE');
export const VNET_ID = idFormat('vnetid', 'VNET');
export const CLUSTER_ID = idFormat('clusterid', 'CLUSTER');

const FILTER_FLAGS = {
  a: FILTER.ALL,
  all: FILTER.ALL,
  m: FILTER.MINE,
  mine: FILTER.MINE,
  g: FILTER.MINE_AND_GROUPS,
  group: FILTER.MINE_AND_GROUPS,
  G: FILTER.PRIMARY_GROUP,
  'primary group': FILTER.PRIMARY_GROUP,
};

/** Whose objects are listed. */
export const FILTER_FLAG: Format<number> = {
  name: 'filterflag',
  help: [
    'a, all            all objects that may be seen',
    'm, mine           those of the user in ONE_AUTH',
    "g, group          'mine' and those of the groups the user is in",
    "G, primary group  those of the user's primary group",
    'uid               those of the user with this id',
    'user              those of the user of this name',
  ].join('\n'),
  read: async (text, run) => (isKeyOf(FILTER_FLAGS, text) ? FILTER_FLAGS[text] : await findId(run, 'USER', text)),
};
