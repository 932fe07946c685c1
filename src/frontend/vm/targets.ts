/**
 * TARGET of each disk and of the context CD: given ones are kept; the others take the first free letter behind their
 * prefix, in this order: the first OS disk, CDs, the context CD, then all others (src/vm/VirtualMachineDisk.cc, 7.4).
 */
import type { Vector } from '../../opennebula/template.ts';
import type { PreparedDisk } from './disk-attributes.ts';
import { InvalidTemplate } from './invalid-template.ts';

const MOST_HD = 4;
const MOST_SD = 256;

/** @param context gets DISK_ID, the number behind the last disk. @throws InvalidTemplate */
export function assignTargets(
  prepared: readonly PreparedDisk[],
  context: Vector | undefined,
  machine: string,
  vmId: number,
): { disks: Vector[]; context?: Vector } {
  const isQ35 = isModern(machine);
  const cdPrefix = cdPrefixOf(machine);
  const numbered = prepared.map(({ disk, ...others }, i) => {
    const own: Vector = { ...disk, DISK_ID: String(i) };
    return { ...others, disk: own };
  });
  const disks = numbered.map(({ disk }) => disk);
  const cd: Vector | undefined = context && { ...context, DISK_ID: String(disks.length) };
  const used = new Set<string>();
  for (const { TARGET } of cd ? [...disks, cd] : disks) if (TARGET) claim(used, TARGET);
  checkCounts(prepared, isQ35, vmId);

  const assign = (device: Vector, prefix: string) => {
    if (!device.TARGET) device.TARGET = claim(used, firstFree(prefix, used));
  };
  const firstOs = numbered.find(({ disk, type }) => type === 'OS' && !disk.TARGET);
  if (firstOs) assign(firstOs.disk, firstOs.prefix);
  for (const { disk, type, prefix } of numbered) if (type === 'CDROM') assign(disk, prefix || cdPrefix);
  if (cd) assign(cd, cd.DEV_PREFIX || cdPrefix);
  for (const { disk, prefix } of numbered) assign(disk, prefix);
  return cd ? { disks, context: cd } : { disks };
}

/** Target of one more disk. @throws InvalidTemplate */
export function targetBeside(
  { disk, type, prefix }: PreparedDisk,
  taken: readonly (string | undefined)[],
  machine: string,
): string {
  const used = new Set(taken.filter((target) => target !== undefined));
  if (disk.TARGET && used.has(disk.TARGET)) throw new InvalidTemplate(`Target ${disk.TARGET} is already in use.`);
  if (disk.TARGET) return disk.TARGET;
  return firstFree(prefix || (type === 'CDROM' ? cdPrefixOf(machine) : ''), used);
}

function isModern(machine: string): boolean {
  return /q35|virt/.test(machine);
}

function cdPrefixOf(machine: string): string {
  return isModern(machine) ? 'sd' : 'hd';
}

function claim(used: Set<string>, target: string): string {
  if (used.has(target)) throw new InvalidTemplate(`Two disks have defined the same target ${target}`);
  used.add(target);
  return target;
}

/** `sda` … `sdz`, `sdaa` … */
function firstFree(prefix: string, used: ReadonlySet<string>): string {
  for (let i = 0; ; i++) {
    const letters = i < 26 ? letter(i) : letter(Math.floor(i / 26) - 1) + letter(i % 26);
    if (!used.has(prefix + letters)) return prefix + letters;
  }
}

function letter(i: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + i);
}

function checkCounts(prepared: readonly PreparedDisk[], isQ35: boolean, vmId: number): void {
  const count = (wanted: string) => prepared.filter(({ prefix }) => prefix === wanted).length;
  if (count('hd') > MOST_HD && !isQ35) {
    throw new InvalidTemplate(`Non q35 or virt VM ${vmId} has more than ${MOST_HD} hd disks`);
  }
  if (count('sd') > MOST_SD) throw new InvalidTemplate(`VM ${vmId} has more than ${MOST_SD} disks`);
}
