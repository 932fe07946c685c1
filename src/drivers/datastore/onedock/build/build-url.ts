/**
 * `dockerfile://`, OpenNebula's own URL of images that are to be built (its retired Docker Hub marketplace, 5.12 to 6.8):
 * `dockerfile://<path of a Dockerfile>?fileb64=<its text in base64>&size=<MB>&…`. Here the path may as well be a
 * directory, an archive, or a web address of either file; `format`, `filesystem`, `distro`, `tag` and `context` said how
 * a disk was made of it, and mean nothing to a container.
 */

export interface BuildUrl {
  /** Where the Dockerfile or its context lies; empty when `text` has it all. */
  readonly path: string;
  readonly text?: string;
  /** Largest size that the image may have; undefined when nobody said. */
  readonly sizeMb?: number;
  /** Of the Dockerfile within its context. */
  readonly file: string;
  /** The stage to build; the last one unless given. */
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
}

const DEFAULT_DOCKERFILE = 'Dockerfile';

const PREFIX = 'dockerfile://';

export function isBuildUrl(path: string): boolean {
  return path.startsWith(PREFIX);
}

/** Reads `dockerfile://…`; any other path is one of a context, built as it is. */
export function parseBuildUrl(path: string): BuildUrl {
  if (!isBuildUrl(path)) return { path, file: DEFAULT_DOCKERFILE, args: {} };
  const address = path.slice(PREFIX.length);
  const mark = address.indexOf('?');
  const query = new URLSearchParams(mark === -1 ? '' : address.slice(mark + 1));
  // In base64 `+` is a digit, and in a query it is a blank.
  const text = query.get('fileb64')?.replaceAll(' ', '+');
  const size = Number(query.get('size') ?? '');
  const target = query.get('target');
  return {
    path: text === undefined ? address.slice(0, mark === -1 ? undefined : mark) : '',
    ...(text === undefined ? {} : { text: Buffer.from(text, 'base64').toString('utf8') }),
    ...(size > 0 ? { sizeMb: Math.ceil(size) } : {}),
    file: query.get('file') || DEFAULT_DOCKERFILE,
    ...(target ? { target } : {}),
    args: Object.fromEntries(query.getAll('arg').map(splitArgument)),
  };
}

function splitArgument(argument: string): [name: string, value: string] {
  const equals = argument.indexOf('=');
  return equals === -1 ? [argument, ''] : [argument.slice(0, equals), argument.slice(equals + 1)];
}
