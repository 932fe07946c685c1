/** Snapshots of disks and of whole VMs, on the page of a VM and in their own lists. */
import type { Node } from '../../document.ts';
import { type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { timeText } from '../output/times.ts';
import { sizeText } from '../output/units.ts';

interface DiskSnapshot {
  readonly diskId: string;
  readonly snapshot: Node;
  /** What it takes as last monitored, in MB. */
  readonly monitored: string | undefined;
}

const DISK_SNAPSHOT_TABLE: Table<DiskSnapshot> = {
  columns: [
    { title: 'AC', width: 2, left: true, cell: ({ snapshot }) => (snapshot.get('ACTIVE') === 'YES' ? '=>' : '') },
    { title: 'ID', width: 3, cell: ({ snapshot }) => snapshot.get('ID') },
    { title: 'DISK', width: 4, cell: ({ diskId }) => diskId },
    { title: 'PARENT', width: 6, cell: ({ snapshot }) => snapshot.get('PARENT') },
    { title: 'DATE', width: 15, cell: ({ snapshot }) => timeText(snapshot.int('DATE')) },
    {
      title: 'SIZE',
      width: 12,
      left: true,
      cell: ({ snapshot, monitored }) => `${sizeOrDash(monitored)}/${sizeOrDash(snapshot.get('SIZE'))}`,
    },
    { title: 'NAME', width: 32, left: true, cell: ({ snapshot }) => snapshot.get('NAME') },
  ],
};

function sizeOrDash(sizeMb: string | undefined): string {
  return sizeMb === undefined ? '-' : sizeText(Number.parseInt(sizeMb, 10) || 0, 'M');
}

/** Of all disks, or of one. */
export function diskSnapshotLines(vm: Node, diskId?: number): Line[] {
  const sizes = vm.all('MONITORING/SNAPSHOT_SIZE');
  const snapshots = vm.all('SNAPSHOTS').flatMap((disk) => {
    const id = disk.get('DISK_ID') ?? '';
    if (diskId !== undefined && Number(id) !== diskId) return [];
    return disk.all('SNAPSHOT').map((snapshot): DiskSnapshot => {
      const size = sizes.find((entry) => entry.get('ID') === snapshot.get('ID') && entry.get('DISK_ID') === id);
      return { diskId: id, snapshot, monitored: size?.get('SIZE') };
    });
  });
  return tableLines(DISK_SNAPSHOT_TABLE, snapshots);
}

const SYSTEM_SNAPSHOT_TABLE: Table<Node> = {
  columns: [
    { title: 'ID', width: 4, cell: (snapshot) => snapshot.get('SNAPSHOT_ID') },
    { title: 'TIME', width: 12, cell: (snapshot) => timeText(snapshot.int('TIME'), { withSeconds: false }) },
    { title: 'NAME', width: 46, left: true, cell: (snapshot) => snapshot.get('NAME') },
    { title: 'HYPERVISOR_ID', width: 15, left: true, cell: (snapshot) => snapshot.get('HYPERVISOR_ID') },
  ],
};

/** Nothing when there are none. */
export function systemSnapshotLines(vm: Node): Line[] {
  const snapshots = vm.all('TEMPLATE/SNAPSHOT');
  return snapshots.length === 0 ? [] : tableLines(SYSTEM_SNAPSHOT_TABLE, snapshots);
}
