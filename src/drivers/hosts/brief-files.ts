/**
 * A directory of a few small files as one brief command, without a program that would unpack them: `printf` of the shell writes
 * each from a line of stdin. Pure.
 */
import type { SmallFile } from '../../transport/tree-copy.ts';

/** More would be read byte by byte there. */
const MOST_BYTES = 8 * 1024;
const PLAIN_NAME = /^[\w+][\w.+-]*$/;

/** Like `sendFiles`: what was at the destination is replaced at the end. One line, as brief commands have it. */
const WRITE_FILES =
  'set -eu; umask 022; [ ! -e "$1.part" ] || rm -rf -- "$1.part"; mkdir -p -- "$1.part"; ' +
  'while read -r mode name text; do printf %b "$text" >"$1.part/$name"; ' +
  '[ "$mode" = 644 ] || chmod "$mode" "$1.part/$name"; done; ' +
  '[ ! -e "$1" ] || rm -rf -- "$1"; mv -fT -- "$1.part" "$1"';

/** @returns undefined when the files do not suit; the destination is to be appended to the words */
export function briefFiles(
  files: readonly SmallFile[],
): { readonly argv: readonly string[]; readonly stdin: string } | undefined {
  const lines = files.map(({ name, mode, content }) => `${mode.toString(8)} ${name} ${escapeBytes(content)}\n`);
  const stdin = lines.join('');
  if (stdin.length > MOST_BYTES || !files.every(({ name }) => PLAIN_NAME.test(name))) return undefined;
  return { argv: ['sh', '-c', WRITE_FILES, 'sh'], stdin };
}

/** For `printf %b` (POSIX): what is not plain is a backslash, a nought and three octal digits. */
function escapeBytes(content: Buffer): string {
  return content
    .toString('latin1')
    .replace(/[^!-[\]-~]/g, (byte) => `\\0${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
