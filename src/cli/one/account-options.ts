/** Options of `oneacct` and `oneshowback`: whose VMs, and how the records are printed. */
import { findId } from './names.ts';
import { converted } from './option.ts';
import { CSV, DESCRIBE, LIST } from './options/list.ts';

export const OF_USER = converted(
  {
    name: 'userfilter',
    short: '-u',
    long: '--userfilter',
    argument: 'user',
    help: 'Only VMs of the user with this name or id',
  },
  (typed, run) => findId(run, 'USER', typed),
);

export const OF_GROUP = converted(
  {
    name: 'group',
    short: '-g',
    long: '--group',
    argument: 'group',
    help: 'Only VMs of the group with this name or id',
  },
  (typed, run) => findId(run, 'GROUP', typed),
);

export const RECORD_TABLE_OPTIONS = [DESCRIBE, LIST, CSV] as const;
