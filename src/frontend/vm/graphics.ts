/** GRAPHICS and VIDEO of a VM (src/vm/VirtualMachineParser.cc, 7.4). */
import { isYes, type Vector } from '../../opennebula/template.ts';
import { InvalidTemplate } from './invalid-template.ts';

export interface Passwords {
  readonly randomPassword: () => string;
}

/** Longer ones are cut. */
const PASSWORD_LENGTH: Readonly<Record<string, number>> = { vnc: 8, spice: 59 };

/** @throws InvalidTemplate */
export function graphicsOf(given: Vector, { randomPassword }: Passwords): Vector {
  if (given.PORT && !(/^\d+$/.test(given.PORT) && Number(given.PORT) <= 65535)) {
    throw new InvalidTemplate('Wrong PORT number in GRAPHICS attribute');
  }
  const password = given.PASSWD || (isYes(given.RANDOM_PASSWD) ? randomPassword() : '');
  if (password === '') return { ...given };
  return { ...given, PASSWD: password.slice(0, PASSWORD_LENGTH[given.TYPE?.toLowerCase() ?? '']) };
}

/** Whether a display port is needed while the VM is on a host. */
export function needsPort(graphics: Vector | undefined): boolean {
  return graphics !== undefined && /^(vnc|spice)$/i.test(graphics.TYPE ?? '');
}

const VIDEO_TYPES = ['vga', 'cirrus', 'none', 'virtio'];

/** @throws InvalidTemplate */
export function videoOf(given: Vector): Vector {
  if (!given.TYPE) throw new InvalidTemplate('Video TYPE is required');
  const type = given.TYPE.toLowerCase();
  if (!VIDEO_TYPES.includes(type)) {
    throw new InvalidTemplate('Invalid video TYPE, should be either: none, vga, cirrus, or virtio');
  }
  if ((isYes(given.IOMMU) || isYes(given.ATS)) && type !== 'virtio') {
    throw new InvalidTemplate('IOMMU and ATS are only available for virtio TYPE');
  }
  if (given.VRAM && !(Number(given.VRAM) >= 1024)) {
    throw new InvalidTemplate('Invalid VRAM value in VIDEO attribute, must be >= 1024');
  }
  if (given.RESOLUTION && !/^\d+x\d+$/.test(given.RESOLUTION)) {
    throw new InvalidTemplate('Invalid RESOLUTION string format');
  }
  return { ...given, TYPE: type };
}
