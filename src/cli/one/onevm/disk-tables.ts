import type { Node } from '../../document.ts';
import { type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { sizeText } from '../output/units.ts';

/** A disk, or the context as one. */
interface Disk {
  readonly node: Node;
  readonly isContext: boolean;
  /** What it takes as last monitored, in MB. */
  readonly monitored: string | undefined;
}

const DISK_TABLE: Table<Disk> = {
  columns: [
    { title: 'ID', width: 3, cell: ({ node }) => node.get('DISK_ID') },
    {
      title: 'DATASTORE',
      width: 10,
      left: true,
      cell: ({ node, isContext }) => (isContext ? '-' : node.get('DATASTORE')),
    },
    { title: 'TARGET', width: 6, left: true, cell: ({ node }) => node.get('TARGET') },
    { title: 'IMAGE', width: 35, left: true, cell: imageText },
    {
      title: 'SIZE',
      width: 9,
      left: true,
      cell: ({ node, monitored }) => `${sizeOrDash(monitored)}/${sizeOrDash(node.get('SIZE'))}`,
    },
    {
      title: 'TYPE',
      width: 4,
      left: true,
      cell: ({ node, isContext }) => (isContext ? '-' : node.get('TYPE')?.toLowerCase()),
    },
    { title: 'SAVE', width: 4, cell: ({ node, isContext }) => (isContext ? '-' : (node.get('SAVE') ?? 'NO')) },
  ],
};

/** Name of the image; format and size of a volatile disk. */
function imageText({ node, isContext }: Disk): string | undefined {
  if (isContext) return 'CONTEXT';
  const image = node.get('IMAGE');
  if (image !== undefined) return image;
  const size = sizeText(node.int('SIZE'), 'M');
  const type = node.get('TYPE')?.toUpperCase();
  return type === 'FS' ? `${node.get('FORMAT') ?? ''} - ${size}` : type === 'SWAP' ? size : undefined;
}

function sizeOrDash(sizeMb: string | undefined): string {
  return sizeMb === undefined ? '-' : sizeText(Number.parseInt(sizeMb, 10) || 0, 'M');
}

/** Nothing when the VM has neither disk nor context. */
export function diskLines(vm: Node): Line[] {
  const sizes = vm.all('MONITORING/DISK_SIZE');
  const disks = [...vm.all('TEMPLATE/DISK'), ...vm.all('TEMPLATE/CONTEXT')].map((node): Disk => {
    const size = sizes.find((entry) => entry.get('ID') === node.get('DISK_ID'));
    return { node, isContext: node.name === 'CONTEXT', monitored: size?.get('SIZE') };
  });
  return disks.length === 0 ? [] : tableLines(DISK_TABLE, disks);
}
