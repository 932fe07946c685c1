/** The steps of which requests to virtualization drivers are made, for the stay that a request is about. */
import { printContextFile } from '../../opennebula/context-file.ts';
import type { Vector } from '../../opennebula/template.ts';
import type { HistoryRecord, Vm } from '../objects/vm.ts';
import { contextFiles } from '../vm/context.ts';
import { findDisk } from '../vm/disk.ts';
import { findNic, withChangingNic, withoutNic } from '../vm/nic.ts';
import { contextPath, systemDirectory } from './places.ts';
import { type PlayContext, playStep, playTransfer, recordAt } from './play.ts';
import { checkpointPath, networkDocument, type RequestDetails, requestDocument } from './request-document.ts';
import { contextLine, deleteStages, printTransfer } from './transfer-script.ts';

export class VmmPlay {
  readonly context: PlayContext;
  readonly record: HistoryRecord;
  readonly #details: Partial<RequestDetails>;

  /** @param index of the stay in the history, -1 the present one, -2 the one before @param details for the document */
  constructor(context: PlayContext, index: -1 | -2 = -1, details: Partial<RequestDetails> = {}) {
    this.context = context;
    this.record = recordAt(context.vm, index);
    this.#details = details;
  }

  get host(): string {
    return this.record.hostName;
  }

  /** The driver's name of the guest; before it told one, the one that ONEDock's driver gives. */
  get deployId(): string {
    return this.context.vm.deployId || `one-${this.context.vm.id}`;
  }

  get checkpoint(): string {
    return checkpointPath(this.context.vm, this.record, this.context.places);
  }

  /** Runs a script of the virtualization driver; VM id and host end its arguments. */
  script(action: string, argv: readonly string[], details: Partial<RequestDetails> = {}): Promise<string> {
    return this.scriptWith(action, argv, this.document(details));
  }

  /** The same with a document of its own on standard input. */
  scriptWith(action: string, argv: readonly string[], stdin: string): Promise<string> {
    return this.#vmm(action, [...argv, `${this.context.vm.id}`, this.host], stdin);
  }

  /** The same for a script that is given nothing else (`no_extra_params` of one_vmm_exec). */
  scriptAlone(action: string, argv: readonly string[]): Promise<string> {
    return this.#vmm(action, argv, this.document({}));
  }

  #vmm(action: string, argv: readonly string[], stdin: string): Promise<string> {
    return playStep(this.context, { family: 'vmm', driver: this.record.vmMad, action, argv, stdin });
  }

  cancel(deployId = this.deployId): Promise<string> {
    return this.script('cancel', [deployId, this.host]);
  }

  document(details: Partial<RequestDetails>): string {
    const { places, findDatastore } = this.context;
    const datastore = findDatastore(this.record.datastoreId);
    return requestDocument(this.#vmAsTold(), { record: this.record, datastore, ...this.#details, ...details }, places);
  }

  /** Runs a script of each network driver that the VM's NICs have. @param deployId empty before there is a guest */
  async network(action: string, argv: readonly string[], deployId = this.context.vm.deployId): Promise<void> {
    const { template } = this.context.vm;
    const nics = ['NIC', 'NIC_ALIAS', 'PCI'].flatMap((name) => template.vectors(name));
    const drivers = new Set(nics.flatMap(({ VN_MAD }) => (VN_MAD ? [this.#networkDriver(VN_MAD)] : [])));
    if (drivers.size === 0) return;
    const stdin = networkDocument(this.#vmAsTold(), this.record, deployId);
    for (const driver of drivers) await playStep(this.context, { family: 'vnm', driver, action, argv, stdin });
  }

  /** OpenNebula calls no network driver for its dummy hypervisor, whose hosts have no network that could be made. */
  #networkDriver(name: string): string {
    return this.record.vmMad === 'dummy' && NETWORK_DRIVERS_OF_HOSTS.has(name) ? 'dummy' : name;
  }

  /** Writes the context and brings it to the host. A VM without one gets none. */
  async deliverContext(): Promise<void> {
    const { places, files, log } = this.context;
    const context = this.#contextOfGuest();
    if (!context) return log('VM', 'info', 'Virtual Machine has no context');
    const path = contextPath(places, this.context.vm.id);
    await files.write(path, printContextFile(context));
    const { driver, args: argv } = contextLine(this.context.vm, this.record, [path, ...contextFiles(context)], places);
    await playStep(this.context, { family: 'tm', driver, action: 'context', argv });
  }

  /** Gives a running guest its context again. Drivers are told as well of one that has none, whose NICs may have changed. */
  async reconfigure(): Promise<void> {
    const context = this.#contextOfGuest();
    const target = context?.TARGET ?? '';
    const path = context ? this.diskPath(context) : '';
    await this.script('prereconfigure', [this.deployId, target], { diskPath: path });
    await this.deliverContext();
    await this.script('reconfigure', [this.deployId, target, path], { diskPath: path });
  }

  /** The disk or NIC that the VM's operation is about. @throws TypeError when it is about none */
  disk(): Vector {
    const { vm } = this.context;
    const disk = vm.operation && 'diskId' in vm.operation ? findDisk(vm, vm.operation.diskId) : undefined;
    if (!disk) throw new TypeError(`VM ${vm.id} changes no disk.`);
    return disk;
  }

  nic(): Vector {
    const { vm } = this.context;
    const nic = vm.operation && 'nicId' in vm.operation ? findNic(vm, vm.operation.nicId) : undefined;
    if (!nic) throw new TypeError(`VM ${vm.id} changes no NIC.`);
    return nic;
  }

  /** Path of a disk, or of the context, on the host. */
  diskPath({ DISK_ID }: Vector): string {
    return `${systemDirectory(this.context.places, this.record, this.context.vm.id)}/disk.${DISK_ID}`;
  }

  /** Removes whatever the VM has on the host. Nothing of it may fail. */
  async cleanUp(): Promise<void> {
    const { vm, places } = this.context;
    const stages = deleteStages(vm, this.record, places);
    await this.script('cancel', [this.deployId, this.host], { transfer: printTransfer(stages) }).catch(() => {});
    await this.network('clean', [this.host]).catch(() => {});
    // Not stage by stage: what can be removed is.
    for (const stage of stages) await playTransfer(this.context, [stage]).catch(() => {});
  }

  /** A NIC that comes or goes is marked for the drivers. */
  #vmAsTold(): Vm {
    const { vm } = this.context;
    const { operation } = vm;
    if (operation?.kind === 'nic-attach') return withChangingNic(vm, operation.nicId, 'comes');
    return operation?.kind === 'nic-detach' ? withChangingNic(vm, operation.nicId, 'goes') : vm;
  }

  /** A NIC that is being detached is no longer told of. */
  #contextOfGuest(): Vector | undefined {
    const { vm } = this.context;
    const { operation } = vm;
    const told = operation?.kind === 'nic-detach' ? withoutNic(vm, operation.nicId) : vm;
    return told.template.vector('CONTEXT');
  }
}

/** ONEDock's and OpenNebula's own (VN_MAD_CONF of oned.conf, 7.4). Third-party ones are tried on dummy hosts, too. */
const NETWORK_DRIVERS_OF_HOSTS: ReadonlySet<string> = new Set([
  'onedock',
  'bridge',
  'vxlan',
  '802.1Q',
  'fw',
  'ovswitch',
  'ovswitch_vxlan',
  'elastic',
  'nodeport',
]);
