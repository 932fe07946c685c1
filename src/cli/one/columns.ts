/** Columns and parts of pages that several kinds of objects have. */
import type { Node } from '../document.ts';
import type { Column } from './output/table.ts';
import type { ListView } from './verbs/list.ts';

export function idColumn(help: string): Column<Node> {
  return { title: 'ID', help, width: 4, adjust: true, cell: (object) => object.get('ID') };
}

export function nameColumn(help: string, width = 15): Column<Node> {
  return { title: 'NAME', help, width, left: true, expand: true, cell: (object) => object.get('NAME') };
}

/** Owner and group, or their ids with `--numeric`. */
export function ownerColumns({ numeric }: ListView, title: string): Column<Node>[] {
  return [
    {
      title: 'USER',
      help: `Username of the ${title} owner`,
      width: 8,
      left: true,
      cell: (object) => object.get(numeric ? 'UID' : 'UNAME'),
    },
    {
      title: 'GROUP',
      help: `Group of the ${title}`,
      width: 8,
      left: true,
      cell: (object) => object.get(numeric ? 'GID' : 'GNAME'),
    },
  ];
}

/** `0,100`, or `-` for an object in no cluster. */
export function clustersText(object: Node): string {
  return object.ids('CLUSTERS').join(',') || '-';
}
