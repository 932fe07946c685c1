/**
 * Transfer scripts: what is to be done with the files of a VM, as lines for transfer drivers
 * (src/tm/TransferManager.cc, 7.4). Lines of one stage do not depend on each other.
 */
import { isYes, type Vector } from '../../opennebula/template.ts';
import type { TransferScript } from '../lifecycle/requests.ts';
import { currentRecord, type HistoryRecord, previousRecord, type Vm } from '../objects/vm.ts';
import { disksOf, findDisk, isVolatile } from '../vm/disk.ts';
import { type Places, systemDirectory } from './places.ts';

export interface TransferLine {
  /** `CLONE`, or `CLONE.ssh` when the system datastore has another driver than the disk. */
  readonly command: string;
  readonly driver: string;
  readonly args: readonly string[];
}

/** Stages follow each other; what is in one may run at the same time. */
export type TransferStages = readonly (readonly TransferLine[])[];

export function transferStages(script: TransferScript, vm: Vm, places: Places): TransferStages {
  return new ScriptWriter(vm, places).stages(script);
}

/** The file that OpenNebula keeps of a script: one line each. */
export function printTransfer(stages: TransferStages): string {
  return stages
    .flat()
    .map(({ command, driver, args }) => `${[command, driver, ...args].join(' ')}\n`)
    .join('');
}

/** Lines that remove a VM's files at a place, which also a clean-up needs. */
export function deleteStages(vm: Vm, record: HistoryRecord, places: Places): TransferStages {
  return new ScriptWriter(vm, places).remove(record);
}

/** The line that brings the context to the host. */
export function contextLine(vm: Vm, record: HistoryRecord, files: readonly string[], places: Places): TransferLine {
  const diskId = vm.template.vector('CONTEXT')?.DISK_ID ?? '';
  const target = `${record.hostName}:${systemDirectory(places, record, vm.id)}/disk.${diskId}`;
  return { command: 'CONTEXT', driver: record.tmMad, args: [...files, target, `${vm.id}`, `${record.datastoreId}`] };
}

/** Lines of a single disk, for requests to the virtualization driver that need them. */
export function diskProlog(vm: Vm, diskId: number, places: Places): TransferLine[] {
  return new ScriptWriter(vm, places).bring(diskId);
}

export function diskEpilog(vm: Vm, diskId: number, places: Places): TransferLine[] {
  return new ScriptWriter(vm, places).give(diskId);
}

/** Snapshot of a running guest's disk, or its new size. */
export function diskLine(vm: Vm, diskId: number, command: string, value: number, places: Places): TransferLine {
  return new ScriptWriter(vm, places).onDisk(diskId, command, value);
}

/** Around a live migration; these take the VM's document on standard input. */
export function migrationLine(
  vm: Vm,
  command: 'PREMIGRATE' | 'POSTMIGRATE' | 'FAILMIGRATE',
  places: Places,
): TransferLine {
  const from = previousRecord(vm);
  const to = currentRecord(vm);
  if (!from || !to) throw new TypeError(`VM ${vm.id} does not migrate.`);
  const args = [from.hostName, to.hostName, systemDirectory(places, to, vm.id), `${vm.id}`, `${to.datastoreId}`];
  return { command, driver: to.tmMad, args };
}

class ScriptWriter {
  static readonly #STAGES: {
    readonly [Script in TransferScript]: (of: ScriptWriter, diskId: number) => TransferStages;
  } = {
    prolog: (of) => [disksOf(of.#vm).flatMap((disk) => of.#bring(disk))],
    epilog: (of) => [disksOf(of.#vm).flatMap((disk) => of.#give(disk)), [of.#directory('DELETE', of.#home())]],
    stop: (of) => of.#move(of.#host(), of.#at(of.#places.frontendName)),
    resume: (of) => of.#move(of.#at(of.#places.frontendName, of.#previous()), of.#host()),
    migrate: (of) => of.#move(of.#at(of.#previous().hostName, of.#previous()), of.#host()),
    delete: (of) => of.#remove(of.#home()),
    delete_both: (of) => [...of.remove(of.#previous()), ...of.remove(of.#current)],
    prolog_attach: (of, diskId) => [of.bring(diskId)],
    epilog_detach: (of, diskId) => [of.give(diskId)],
    disk_saveas: (of) => [[of.#saveAs()]],
    disk_snapshot: (of) => [[of.#snapshot()]],
    disk_resize: (of, diskId) => [[of.onDisk(diskId, 'RESIZE', Number(findDisk(of.#vm, diskId)?.SIZE))]],
  };

  readonly #vm: Vm;
  readonly #places: Places;
  readonly #current: HistoryRecord;

  constructor(vm: Vm, places: Places) {
    const current = currentRecord(vm);
    if (!current) throw new TypeError(`VM ${vm.id} was never placed.`);
    this.#vm = vm;
    this.#places = places;
    this.#current = current;
  }

  stages(script: TransferScript): TransferStages {
    const { operation } = this.#vm;
    const diskId = operation && 'diskId' in operation ? operation.diskId : -1;
    return ScriptWriter.#STAGES[script](this, diskId);
  }

  remove(record: HistoryRecord): TransferStages {
    return this.#remove(this.#at(record.hostName, record));
  }

  bring(diskId: number): TransferLine[] {
    return this.#bring(this.#disk(diskId));
  }

  give(diskId: number): TransferLine[] {
    return this.#give(this.#disk(diskId));
  }

  onDisk(diskId: number, command: string, value: number): TransferLine {
    const disk = this.#disk(diskId);
    return this.#line(disk, command, [this.#file(this.#home(), disk), `${value}`]);
  }

  #remove(place: Place): TransferStages {
    const lines = disksOf(this.#vm).map((disk) => this.#line(disk, 'DELETE', [this.#file(place, disk)]));
    return [lines, [this.#directory('DELETE', place)]];
  }

  /** Makes or fetches a disk. A directory of the host has nothing to be brought. */
  #bring(disk: Vector): TransferLine[] {
    const target = this.#file(this.#host(), disk);
    if (disk.TYPE === 'FILESYSTEM') return [];
    if (!isVolatile(disk)) {
      const source = disk.SOURCE ?? '';
      const from = source.includes(':') ? source : `${this.#places.frontendName}:${source}`;
      return [this.#line(disk, isYes(disk.CLONE) ? 'CLONE' : 'LN', [from, target])];
    }
    const isSwap = disk.TYPE?.toLowerCase() === 'swap';
    if (!disk.SIZE || (!isSwap && !disk.FORMAT)) return [];
    return [
      isSwap
        ? this.#line(disk, 'MKSWAP', [disk.SIZE, target])
        : this.#line(disk, 'MKIMAGE', [disk.SIZE, disk.FORMAT as string, target]),
    ];
  }

  /** Writes a disk back into its image, or removes it. */
  #give(disk: Vector): TransferLine[] {
    if (disk.TYPE === 'FILESYSTEM') return [];
    const file = this.#file(this.#home(), disk);
    return [
      isYes(disk.SAVE) ? this.#line(disk, 'MVDS', [file, disk.SOURCE ?? '']) : this.#line(disk, 'DELETE', [file]),
    ];
  }

  #move(from: Place, to: Place): TransferStages {
    const disks = disksOf(this.#vm)
      .filter((disk) => disk.TYPE !== 'FILESYSTEM')
      .map((disk) => this.#line(disk, 'MV', [this.#file(from, disk), this.#file(to, disk)]));
    const { tmMad, datastoreId } = this.#current;
    const args = [print(from), print(to), `${this.#vm.id}`, `${datastoreId}`];
    return [disks, [{ command: 'MV', driver: tmMad, args }]];
  }

  #saveAs(): TransferLine {
    const { operation } = this.#vm;
    if (operation?.kind !== 'disk-saveas') throw new TypeError(`VM ${this.#vm.id} saves no disk.`);
    const disk = this.#disk(operation.diskId);
    return this.#line(disk, 'CPDS', [this.#file(this.#home(), disk), operation.source, `${operation.snapshotId}`]);
  }

  #snapshot(): TransferLine {
    const { operation } = this.#vm;
    const command = SNAPSHOT_COMMANDS[operation?.kind ?? ''];
    if (!operation || !command || !('snapshotId' in operation) || !('diskId' in operation)) {
      throw new TypeError(`VM ${this.#vm.id} changes no disk snapshot.`);
    }
    return this.onDisk(operation.diskId, command, operation.snapshotId);
  }

  /** Everything about a disk ends with the VM and the datastore that the disk is of. */
  #line(disk: Vector, command: string, args: readonly string[]): TransferLine {
    const driver = disk.TM_MAD ?? this.#current.tmMad;
    const system = disk.TM_MAD_SYSTEM;
    const suffix = system && system !== driver ? `.${system}` : '';
    const datastoreId = disk.DATASTORE_ID ?? String(this.#current.datastoreId);
    return { command: command + suffix, driver, args: [...args, `${this.#vm.id}`, datastoreId] };
  }

  #directory(command: string, place: Place): TransferLine {
    const { tmMad, datastoreId } = this.#current;
    return { command, driver: tmMad, args: [print(place), `${this.#vm.id}`, `${datastoreId}`] };
  }

  #disk(diskId: number): Vector {
    const disk = findDisk(this.#vm, diskId);
    if (!disk) throw new TypeError(`VM ${this.#vm.id} has no disk ${diskId}.`);
    return disk;
  }

  #file(place: Place, disk: Vector): string {
    return `${print(place)}/disk.${disk.DISK_ID}`;
  }

  /** Where the disks are: after stop and undeploy on the front-end. */
  /** Where the disks are. */
  #home(): Place {
    return this.#vm.disksAt === 'front-end' ? this.#at(this.#places.frontendName) : this.#host();
  }

  #host(): Place {
    return this.#at(this.#current.hostName);
  }

  #at(machine: string, record: HistoryRecord = this.#current): Place {
    return { machine, directory: systemDirectory(this.#places, record, this.#vm.id) };
  }

  #previous(): HistoryRecord {
    return previousRecord(this.#vm) ?? this.#current;
  }
}

interface Place {
  readonly machine: string;
  readonly directory: string;
}

function print({ machine, directory }: Place): string {
  return `${machine}:${directory}`;
}

const SNAPSHOT_COMMANDS: Readonly<Record<string, string>> = {
  'disk-snapshot-create': 'SNAP_CREATE',
  'disk-snapshot-revert': 'SNAP_REVERT',
  'disk-snapshot-delete': 'SNAP_DELETE',
};
