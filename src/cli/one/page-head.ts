import type { Node } from '../document.ts';
import { fieldWriter, heading, type Line, permissionLines } from './output/page.ts';
import { lockText } from './output/units.ts';

const field = fieldWriter(15);

/** The beginning that pages of objects with an owner and a lock share: the title, who owns it, and the permissions. */
export function ownedHead(object: Node, title: string): Line[] {
  return [
    heading(`${title} ${object.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', object.get('ID')),
    field('NAME', object.get('NAME')),
    field('USER', object.get('UNAME')),
    field('GROUP', object.get('GNAME')),
    field('LOCK', lockText(object)),
    '',
    ...permissionLines(object, field),
  ];
}
