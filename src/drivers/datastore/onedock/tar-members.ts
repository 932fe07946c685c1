/**
 * What is in a tar archive, and where: headers are read, contents are passed over. Knows ustar, GNU's long names and
 * POSIX's extended headers.
 */
import { open } from 'node:fs/promises';

export interface TarMember {
  readonly path: string;
  /** Where its contents begin in the archive. */
  readonly offset: number;
  readonly bytes: number;
  /** Where a link points, as it is written; undefined for files. */
  readonly linkTo?: string;
}

const BLOCK_BYTES = 512;
/** Names and extended headers are small; a larger one is no such header. */
const MOST_HEADER_BYTES = 2 ** 20;

export interface TarMembers {
  readonly members: readonly TarMember[];
  /** Where the last of all members ends, files or not. */
  readonly endsAt: number;
}

/** @returns undefined when the file is no tar archive */
export async function readTarMembers(file: string): Promise<TarMembers | undefined> {
  await using handle = await open(file);
  const read = async (offset: number, bytes: number) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, offset);
    return buffer.subarray(0, bytesRead);
  };
  const members: TarMember[] = [];
  let extended: Record<string, string> = {};
  for (let offset = 0; ; ) {
    const header = await read(offset, BLOCK_BYTES);
    if (isEnd(header)) return offset === 0 ? undefined : { members, endsAt: offset };
    if (!hasValidSum(header)) return undefined;
    offset += BLOCK_BYTES;
    const bytes = Number(extended.size ?? numberField(header, 124, 12));
    const type = String.fromCharCode(header.readUInt8(156));
    if (type in EXTENSIONS && bytes <= MOST_HEADER_BYTES) {
      Object.assign(extended, EXTENSIONS[type]?.(await read(offset, bytes)));
    } else {
      members.push(...memberOf(header, type, offset, bytes, extended));
      extended = {};
    }
    offset += Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

/** Members that say something of the next one. */
const EXTENSIONS: Readonly<Record<string, (contents: Buffer) => Record<string, string>>> = {
  x: readExtendedHeader,
  g: () => ({}),
  L: (contents) => ({ path: textUpToNull(contents) }),
  K: (contents) => ({ linkpath: textUpToNull(contents) }),
};

/** A member that is a file or a link; directories and devices are of no interest. */
function memberOf(
  header: Buffer,
  type: string,
  offset: number,
  bytes: number,
  extended: Readonly<Record<string, string>>,
): TarMember[] {
  const isLink = type === '1' || type === '2';
  if (!isLink && type !== '0' && type !== '\0') return [];
  const path = normalize(extended.path ?? joinPrefix(header));
  if (!isLink) return [{ path, offset, bytes }];
  const target = extended.linkpath ?? textUpToNull(header.subarray(157, 257));
  // A hard link names a member by its path in the archive, a symbolic one by a path beside its own.
  return [{ path, offset, bytes, linkTo: type === '1' ? `/${target}` : target }];
}

function joinPrefix(header: Buffer): string {
  const name = textUpToNull(header.subarray(0, 100));
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? textUpToNull(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function normalize(path: string): string {
  return path.replace(/^(\.?\/)+/, '');
}

function isEnd(header: Buffer): boolean {
  return header.length < BLOCK_BYTES || header.every((byte) => byte === 0);
}

/** The sum of all bytes, the field of the sum itself taken as blanks. */
function hasValidSum(header: Buffer): boolean {
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  return sum === numberField(header, 148, 8);
}

/** Octal text, or in GNU's form for large numbers binary with the first bit set. */
function numberField(header: Buffer, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if ((field.readUInt8(0) & 0x80) !== 0) return Number(field.readBigUInt64BE(length - 8));
  return Number.parseInt(textUpToNull(field).trim() || '0', 8);
}

/** Records of the form `<length> <key>=<value>\n`. */
function readExtendedHeader(contents: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let offset = 0; offset < contents.length; ) {
    const length = Number.parseInt(contents.toString('latin1', offset, offset + 20), 10);
    if (!(length > 0)) break;
    const [, key, value] = /^\d+ ([^=]+)=(.*)\n$/s.exec(contents.toString('utf8', offset, offset + length)) ?? [];
    if (key !== undefined && value !== undefined) records[key] = value;
    offset += length;
  }
  return records;
}

function textUpToNull(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? field.length : end);
}
