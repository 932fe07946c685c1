/** Snapshots of one disk as a tree, and its rules (src/vm/Snapshots.cc, 7.4). ALLOW_ORPHANS says how they hang together. */
import type { Vector } from '../../opennebula/template.ts';
import type { AllowOrphans, DiskSnapshot, DiskSnapshots, Vm } from '../objects/vm.ts';
import { findDisk, transferTarget, withDisk } from './disk.ts';

/** FORMAT means what the format allows: raw keeps copies, all others chains (VirtualMachineDisk::allow_orphans). */
export function orphansOf({ ALLOW_ORPHANS, FORMAT }: Vector): AllowOrphans {
  const mode = ALLOW_ORPHANS?.toUpperCase();
  if (mode === 'YES' || mode === 'MIXED' || mode === 'LINEAR') return mode;
  return mode === 'FORMAT' && FORMAT?.toLowerCase() === 'raw' ? 'YES' : 'NO';
}

export function findSnapshots(vm: Vm, diskId: number): DiskSnapshots | undefined {
  return vm.diskSnapshots.find((snapshots) => snapshots.diskId === diskId);
}

export function findSnapshot(vm: Vm, diskId: number, snapshotId: number): DiskSnapshot | undefined {
  return findSnapshots(vm, diskId)?.snapshots.find(({ id }) => id === snapshotId);
}

/** The VM with one more snapshot of the disk, and its id. */
export function withDiskSnapshot(
  vm: Vm,
  diskId: number,
  given: {
    readonly name: string;
    readonly sizeMb: number;
    readonly now: number;
    readonly orphans: AllowOrphans;
  },
): { vm: Vm; snapshotId: number } {
  const before: DiskSnapshots = findSnapshots(vm, diskId) ?? {
    diskId,
    allowOrphans: given.orphans,
    currentBase: -1,
    nextId: 0,
    snapshots: [],
  };
  const id = before.nextId;
  const parent = parentOfNext(before);
  const snapshot: DiskSnapshot = {
    id,
    ...(given.name === '' ? {} : { name: given.name }),
    parent,
    children: [],
    active: false,
    date: given.now,
    size: given.sizeMb,
  };
  const linked = before.snapshots.map((other) =>
    other.id === parent ? { ...other, children: [...other.children, id] } : other,
  );
  const after = { ...before, nextId: id + 1, snapshots: [...linked, snapshot] };
  return { vm: withSnapshots(vm, after), snapshotId: id };
}

/** The snapshot is what the disk shows; after a revert new ones may hang on it. */
export function withActiveDiskSnapshot(vm: Vm, diskId: number, snapshotId: number, reverted: boolean): Vm {
  const before = findSnapshots(vm, diskId);
  if (!before?.snapshots.some(({ id }) => id === snapshotId)) return vm;
  const isMixed = before.allowOrphans === 'MIXED';
  if (isMixed && !reverted) return vm;
  return withSnapshots(vm, {
    ...before,
    currentBase: isMixed ? snapshotId : before.currentBase,
    snapshots: before.snapshots.map((snapshot) => ({ ...snapshot, active: snapshot.id === snapshotId })),
  });
}

/** The VM with the disk as it was when the snapshot was taken, also as large. */
export function withRevertedDisk(vm: Vm, diskId: number, snapshotId: number): Vm {
  const size = findSnapshot(vm, diskId, snapshotId)?.size;
  const resized = size === undefined ? vm : withDisk(vm, diskId, (disk) => ({ ...disk, SIZE: String(size) }));
  const active = withActiveDiskSnapshot(resized, diskId, snapshotId, true);
  const isLinear = orphansOf(findDisk(vm, diskId) ?? {}) === 'LINEAR';
  return isLinear ? withoutYoungerSnapshots(active, diskId, snapshotId) : active;
}

function withoutYoungerSnapshots(vm: Vm, diskId: number, snapshotId: number): Vm {
  const before = findSnapshots(vm, diskId);
  if (!before) return vm;
  return withSnapshots(vm, { ...before, snapshots: before.snapshots.filter(({ id }) => id <= snapshotId) });
}

export function withRenamedSnapshot(vm: Vm, diskId: number, snapshotId: number, name: string): Vm {
  const before = findSnapshots(vm, diskId);
  if (!before) return vm;
  const snapshots = before.snapshots.map((snapshot) => (snapshot.id === snapshotId ? { ...snapshot, name } : snapshot));
  return withSnapshots(vm, { ...before, snapshots });
}

/** The VM without the snapshot; a single child moves up to its parent, if it has one (Snapshots::delete_snapshot). */
export function withoutDiskSnapshot(vm: Vm, diskId: number, snapshotId: number): Vm {
  const before = findSnapshots(vm, diskId);
  const gone = before?.snapshots.find(({ id }) => id === snapshotId);
  if (!before || !gone) return vm;
  const hasParent = before.snapshots.some(({ id }) => id === gone.parent);
  const heir = hasParent && gone.children.length === 1 ? gone.children[0] : undefined;
  const snapshots = before.snapshots
    .filter((snapshot) => snapshot !== gone)
    .map((snapshot) => {
      if (snapshot.id === gone.parent) {
        const children = snapshot.children.filter((id) => id !== snapshotId);
        return {
          ...snapshot,
          active: snapshot.active || gone.active,
          children: heir === undefined ? children : [...children, heir].sort((a, b) => a - b),
        };
      }
      return snapshot.id === heir ? { ...snapshot, parent: gone.parent } : snapshot;
    });
  return withSnapshots(vm, { ...before, snapshots });
}

/**
 * The VM as it is made anew from its images: only snapshots in an image that it shares stay
 * (VirtualMachineDisks::delete_non_persistent_snapshots).
 */
export function withoutOwnDiskSnapshots(vm: Vm): Vm {
  const own = vm.diskSnapshots.filter(({ diskId }) => {
    const disk = findDisk(vm, diskId);
    return disk !== undefined && transferTarget(disk) !== 'NONE';
  });
  const kept: Vm = { ...vm, diskSnapshots: vm.diskSnapshots.filter((snapshots) => !own.includes(snapshots)) };
  return own.reduce((before, { diskId }) => withDisk(before, diskId, withoutTotal), kept);
}

function withoutTotal({ DISK_SNAPSHOT_TOTAL_SIZE: _, ...disk }: Vector): Vector {
  return disk;
}

/** Why a snapshot of a running or stopped VM cannot be deleted, in oned's words; nothing when it can. */
export function deletionRefused(
  snapshots: DiskSnapshots,
  snapshotId: number,
  isPersistent: boolean,
): string | undefined {
  const find = (id: number) => snapshots.snapshots.find((snapshot) => snapshot.id === id);
  const snapshot = find(snapshotId);
  if (!snapshot) return 'Snapshot does not exist';
  if (snapshots.allowOrphans === 'YES') return undefined;
  if (snapshots.allowOrphans === 'MIXED') {
    if (snapshot.active) return 'Cannot delete the active snapshot';
    return snapshot.children.length > 0 ? 'Cannot delete snapshot with children' : undefined;
  }
  if (isPersistent && snapshotId === 0) return 'Cannot delete snapshot 0 for persistent disk images';
  const [only, ...more] = snapshot.children;
  if (more.length > 0) return 'Cannot delete snapshot with more than one children';
  if (only === undefined) return undefined;
  if (snapshot.active) return 'Cannot delete the active snapshot with children';
  const child = find(only);
  if (child && (child.children.length > 1 || (child.children.length === 1 && child.active)))
    return 'Cannot delete snapshot if child has children';
  const parent = find(snapshot.parent);
  return parent && parent.children.length > 1 ? 'Cannot delete snapshot if parent has more than one child' : undefined;
}

function parentOfNext(snapshots: DiskSnapshots): number {
  if (snapshots.allowOrphans === 'NO') return snapshots.snapshots.find(({ active }) => active)?.id ?? -1;
  return snapshots.allowOrphans === 'MIXED' ? snapshots.currentBase : -1;
}

/** Puts the snapshots of a disk in place, and their size into the disk. */
function withSnapshots(vm: Vm, snapshots: DiskSnapshots): Vm {
  const others = vm.diskSnapshots.filter(({ diskId }) => diskId !== snapshots.diskId);
  // A disk that had snapshots goes on numbering them, also when none is left.
  const all = [...others, snapshots];
  const total = snapshots.snapshots.reduce((sum, { size }) => sum + size, 0);
  return withDisk({ ...vm, diskSnapshots: all.sort((a, b) => a.diskId - b.diskId) }, snapshots.diskId, (disk) => ({
    ...disk,
    DISK_SNAPSHOT_TOTAL_SIZE: String(total),
  }));
}
