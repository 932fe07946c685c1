/** The section VIRTUAL MACHINES on the page of a host or an image. */
import type { Node } from '../../document.ts';
import { heading, type Line, tableLines } from '../output/page.ts';
import { fetchDocument } from '../resource.ts';
import type { Run } from '../run.ts';
import { membersOf } from '../verbs/list.ts';
import { vmTable } from './vm-table.ts';

/** All VMs of the pool that the page is not asked to leave out. */
export function vmSection(pool: Node, isShown: (vm: Node) => boolean, now: number): Line[] {
  const table = vmTable({ pool, now, numeric: false, kilobytes: false, facts: new Map() });
  return [heading('VIRTUAL MACHINES', { width: 0 }), '', ...tableLines(table, membersOf(pool).filter(isShown))];
}

/** All VMs that the user may see and that are not DONE. */
export function fetchVms(run: Run, filterFlag = -2): Promise<Node> {
  return fetchDocument(run, 'one.vmpool.info', filterFlag, -1, -1, -1);
}
