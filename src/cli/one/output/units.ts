/** Numbers, sizes and permissions as OpenNebula's commands print them (src/cli/one_helper.rb, 7.4). */
import type { Node } from '../../document.ts';

const SUFFIXES = ['K', 'M', 'G', 'T'] as const;

export type SizeUnit = (typeof SUFFIXES)[number];

/** `1.5G`: divided by 1024 while greater than that, with one decimal unless it is whole. */
export function sizeText(value: number, unit: SizeUnit = 'K'): string {
  let suffix = SUFFIXES.indexOf(unit);
  let size = value;
  for (; size > 1024 && suffix < SUFFIXES.length - 1; suffix++) size /= 1024;
  return `${Math.sign(size) * (Math.round(Math.abs(size) * 10) / 10)}${SUFFIXES[suffix]}`;
}

/** Sizes in `list`: with `--kilobytes` the number as it is. */
export function listedSize(value: number, unit: SizeUnit, kilobytes: boolean): string {
  return kilobytes ? String(value) : sizeText(value, unit);
}

export function yesNo(flag: string | undefined): 'Yes' | 'No' {
  return flag === '1' ? 'Yes' : 'No';
}

const LOCK_LEVELS = ['None', 'Use', 'Manage', 'Admin', 'All'];

/** Name of LOCK/LOCKED; None when there is no lock. */
export function lockText(document: Node): string {
  return LOCK_LEVELS[document.int('LOCK/LOCKED')] ?? '-';
}

/** `um-` for the owner, the group or others. */
export function permissionText(document: Node, whose: 'OWNER' | 'GROUP' | 'OTHER'): string {
  const bit = (letter: string) => document.get(`PERMISSIONS/${whose}_${letter}`) === '1';
  return ['U', 'M', 'A'].map((letter) => (bit(letter) ? letter.toLowerCase() : '-')).join('');
}
