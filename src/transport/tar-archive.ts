/** A tar archive in ustar form, made in memory. Equal contents give equal bytes: everything is root's, of time 0. */

export type TarEntry =
  | { readonly path: string; readonly content: Buffer | string; readonly mode?: number }
  | { readonly path: string; readonly linkTo: string }
  /** A directory; its path ends in `/`. */
  | { readonly path: `${string}/`; readonly mode?: number };

const BLOCK = 512;

export function tarArchive(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(member), Buffer.alloc(2 * BLOCK)]);
}

function member(entry: TarEntry): Buffer[] {
  if ('linkTo' in entry) return [header(entry.path, { type: '2', mode: 0o777, size: 0, linkTo: entry.linkTo })];
  if (!('content' in entry)) return [header(entry.path, { type: '5', mode: entry.mode ?? 0o755, size: 0 })];
  const data = Buffer.from(entry.content);
  const padding = Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
  return [header(entry.path, { type: '0', mode: entry.mode ?? 0o644, size: data.length }), data, padding];
}

interface Attributes {
  readonly type: '0' | '2' | '5';
  readonly mode: number;
  readonly size: number;
  readonly linkTo?: string;
}

/** Fields by POSIX.1-1988, "ustar Interchange Format". */
function header(path: string, { type, mode, size, linkTo = '' }: Attributes): Buffer {
  if (Buffer.byteLength(path) > 100 || Buffer.byteLength(linkTo) > 100) throw new RangeError(`${path} is too long.`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  block.write(path, 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write(linkTo, 157);
  block.write('ustar\x0000', 257);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
