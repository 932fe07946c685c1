/** One request to drivers while it is played: it makes the calls, and writes what became of each into the VM's log. */
import { type Family, failureText } from '../../drivers/contract/action.ts';
import type { DriverCall, DriverRunner } from '../../drivers/contract/driver-runner.ts';
import { together } from '../../errors/together.ts';
import type { Datastore } from '../objects/datastore.ts';
import type { HistoryRecord, Vm } from '../objects/vm.ts';
import { vmXml } from '../objects/vm-document.ts';
import type { LogLevel, LogModule } from '../platform/log.ts';
import type { Places } from './places.ts';
import type { TransferLine, TransferStages } from './transfer-script.ts';
import type { VmFiles } from './vm-files.ts';

export type VmLog = (module: LogModule, level: LogLevel, text: string) => void;

export interface PlayContext {
  readonly vm: Vm;
  readonly drivers: DriverRunner;
  readonly places: Places;
  readonly files: VmFiles;
  readonly log: VmLog;
  /** Aborted when the request is given up. */
  readonly signal: AbortSignal;
  /** System datastore of a stay, as it is described to drivers. */
  findDatastore(id: number): Datastore | undefined;
  /** Whether a hypervisor lets disks of a running guest be copied by a transfer driver (LIVE_DISK_SNAPSHOTS). */
  canSnapshotLive(vmMad: string, tmMad: string): boolean;
}

/** What a driver is asked, without what the request gives all of its calls. */
type Call<Of extends Family = Family> = Omit<DriverCall, 'signal' | 'log'> & { readonly family: Of };

/** How logs call the families (src/vmm_mad/exec/one_vmm_exec.rb, 7.4). */
const FAMILY_TITLE: Readonly<Record<'vmm' | 'vnm' | 'tm', string>> = {
  vmm: 'virtualization driver',
  vnm: 'network driver',
  tm: 'transfer manager driver',
};

/** A call of a virtualization or network driver, or of the context transfer: part of one request. */
export async function playStep(context: PlayContext, step: Call<'vmm' | 'vnm' | 'tm'>): Promise<string> {
  const { log } = context;
  const { family, action } = step;
  const operation = `${FAMILY_TITLE[family]} operation: ${family === 'tm' ? 'tm_' : ''}${action}.`;
  try {
    const output = await call(context, 'VMM', step);
    log('VMM', 'info', `Successfully execute ${operation}`);
    return output;
  } catch (error) {
    log('VMM', 'info', `Failed to execute ${operation}`);
    throw error;
  }
}

/** A whole transfer script. When a line fails, those of its stage are waited for and later stages do not start. */
export async function playTransfer(context: PlayContext, stages: TransferStages): Promise<void> {
  for (const stage of stages) await together(...stage.map((line) => playLine(context, 'TM', line)));
}

export async function playLine(
  context: PlayContext,
  module: 'TM' | 'VMM',
  { command, driver, args: argv }: TransferLine,
  stdin = wantsDocument(command) ? vmXml(context.vm) : '',
): Promise<void> {
  const [name = '', suffix] = command.split('.');
  const action = suffix === undefined ? name.toLowerCase() : `${name.toLowerCase()}.${suffix}`;
  await call(context, module, { family: 'tm', driver, action, argv, stdin });
}

/** The file system of a volatile disk stands only in the VM's document: without it the driver would ask us for it. */
function wantsDocument(command: string): boolean {
  return command.startsWith('MKIMAGE');
}

async function call({ drivers, log, signal }: PlayContext, module: LogModule, wanted: Call): Promise<string> {
  const { family, driver, action } = wanted;
  signal.throwIfAborted();
  try {
    return await drivers.run({ ...wanted, signal, log: (level, text) => log(module, level, text) });
  } catch (error) {
    log(module, 'error', `${family}/${driver}/${action}: ${failureText(error)}`);
    throw error;
  }
}

/** Runs a step; when it fails, what is to undo it, whose own failure is only logged by its calls. */
export async function orUndo<T>(step: Promise<T>, undo: () => Promise<unknown>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    await undo().catch(() => {});
    throw error;
  }
}

/** A step that may fail. */
export async function tolerantly(step: Promise<unknown>): Promise<void> {
  await step.catch(() => {});
}

/** The stay that a request is about. @throws TypeError when there is none */
export function recordAt(vm: Vm, index: -1 | -2): HistoryRecord {
  const record = vm.history.at(index);
  if (!record) throw new TypeError(`VM ${vm.id} has no history record ${index} in ${vm.phase}.`);
  return record;
}
