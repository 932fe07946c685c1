/** Templates of images made from flags (src/cli/one_helper/oneimage_helper.rb, 7.4). */
import { resolve } from 'node:path';
import { IMAGE_TYPE } from '../../../opennebula/numbers.ts';
import { converted, flag, text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import type { AnyOption, Option, Run } from '../run.ts';
import { megabytes } from '../size-text.ts';

export const IMAGE_TYPES = Object.keys(IMAGE_TYPE);

export const NAME = text({ name: 'name', long: '--name', argument: 'name', help: 'Name of the image' });
const DESCRIPTION = text({
  name: 'description',
  long: '--description',
  argument: 'description',
  help: 'What the image is for',
});
const TYPE = converted(
  { name: 'type', long: '--type', argument: 'type', help: `Type of the image: ${IMAGE_TYPES.join(', ')}` },
  (typed) => {
    const type = typed.trim().toUpperCase();
    if (!IMAGE_TYPES.includes(type)) throw new Refusal(`Type should be: ${IMAGE_TYPES.join(', ')}`);
    return type;
  },
);
const PERSISTENT = flag({
  name: 'persistent',
  long: '--persistent',
  help: 'Keep what a VM writes to the image',
});
const PREFIX = converted(
  { name: 'prefix', long: '--prefix', argument: 'prefix', help: 'Beginning of the device name: hd, sd, xvd or vd' },
  (typed) => {
    const prefix = typed.trim().toLowerCase();
    if (!['hd', 'sd', 'xvd', 'vd'].includes(prefix)) throw new Refusal('The prefix must be hd, sd, xvd or vd');
    return prefix;
  },
);
const TARGET = text({ name: 'target', long: '--target', argument: 'target', help: 'Device name of the image' });
/** A path in the file system is made absolute; what names a protocol, as `docker://` does, is not one. */
const PATH = converted(
  { name: 'path', long: '--path', argument: 'path', help: 'Where the image comes from: a file, http://, docker://, …' },
  (typed) => (/^\w+:\/\//.test(typed) ? typed : resolve(typed)),
);
const FORMAT = text({ name: 'format', long: '--format', argument: 'format', help: 'Format: raw, qcow2, …' });
const FILE_SYSTEM: Option<string> = {
  ...text({
    name: 'fs',
    long: '--fs',
    argument: 'filesystem',
    help: 'File system to make on an empty image: ext4, xfs, …',
  }),
  longAliases: ['--fstype'],
};
const DISK_TYPE = text({
  name: 'disk_type',
  long: '--disk_type',
  argument: 'disk_type',
  help: 'Where its blocks lie: FILE, BLOCK, CDROM, RBD, …',
});
const SOURCE = text({
  name: 'source',
  long: '--source',
  argument: 'source',
  help: 'What the datastore driver calls it, for images that are not copied',
});
const SIZE = converted(
  { name: 'size', long: '--size', argument: 'size', help: 'Size in MB, or with g in GB, of an empty image' },
  (typed) => megabytes(typed, { malformed: 'Size value malformed' }),
);
export const DRY = flag({ name: 'dry', long: '--dry', help: 'Print the template, create nothing' });

/** Flags that stand against a template in a file or on standard input. */
export const IMAGE_FLAGS: readonly AnyOption[] = [
  DESCRIPTION,
  TYPE,
  PERSISTENT,
  PREFIX,
  TARGET,
  PATH,
  FORMAT,
  FILE_SYSTEM,
  DISK_TYPE,
  SOURCE,
  SIZE,
  DRY,
];

/** In the order in which OpenNebula's command writes them. */
const ASSIGNED: readonly Option<string | number>[] = [
  DESCRIPTION,
  TYPE,
  TARGET,
  PATH,
  FORMAT,
  FILE_SYSTEM,
  DISK_TYPE,
  SOURCE,
  SIZE,
  NAME,
];

export function imageTemplate(run: Run): string {
  const assignments = ASSIGNED.flatMap((option) => {
    const value = run.get(option);
    return value === undefined ? [] : [`${option.name.toUpperCase()}="${value}"\n`];
  });
  if (run.has(PERSISTENT)) assignments.push('PERSISTENT=YES\n');
  const prefix = run.get(PREFIX);
  if (prefix !== undefined) assignments.push(`DEV_PREFIX="${prefix}"\n`);
  return assignments.join('');
}
