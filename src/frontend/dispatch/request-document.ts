/** Documents that drivers get on standard input (src/vmm/VirtualMachineManager.cc, src/vnm_mad/one_vnm.rb, 7.4). */
import { templateXml, type Vector, vectorXml } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import { type Datastore, datastoreXml } from '../objects/datastore.ts';
import type { HistoryRecord, Vm } from '../objects/vm.ts';
import { vmForDriversXml } from '../objects/vm-document.ts';
import { deploymentPath, type Places, systemDirectory } from './places.ts';

export interface RequestDetails {
  /** The stay that the request is about. */
  readonly record: HistoryRecord;
  /** Destination of a live migration, or the host before, where that is cleaned up too. */
  readonly otherHost?: string;
  /** Transfer commands that belong to the request, and those that undo them. */
  readonly transfer?: string;
  readonly rollback?: string;
  /** Of the disk that comes or goes, or of the context. */
  readonly diskPath?: string;
  readonly networkId?: number;
  readonly datastore?: Datastore | undefined;
}

/** `VMM_DRIVER_ACTION_DATA`: one line, elements that do not apply are empty. */
export function requestDocument(vm: Vm, details: RequestDetails, places: Places): string {
  const { record, datastore } = details;
  const directory = systemDirectory(places, record, vm.id);
  return group(
    'VMM_DRIVER_ACTION_DATA',
    text('HOST', record.hostName),
    text('MIGR_HOST', details.otherHost ?? ''),
    text('DEPLOY_ID', vm.deployId),
    text('LOCAL_DEPLOYMENT_FILE', deploymentPath(places, vm.id, record)),
    text('REMOTE_DEPLOYMENT_FILE', `${directory}/deployment.${record.seq}`),
    text('CHECKPOINT_FILE', checkpointPath(vm, record, places)),
    text('TM_COMMAND', details.transfer ?? ''),
    text('TM_COMMAND_ROLLBACK', details.rollback ?? ''),
    text('DISK_TARGET_PATH', details.diskPath ?? ''),
    text('SECURITY_GROUP_ID', ''),
    text('VIRTUAL_NETWORK_ID', details.networkId ?? ''),
    vmForDriversXml(vm),
    datastore ? datastoreXml(datastore, []) : '',
  );
}

/** Where a saved guest lies on its host. */
export function checkpointPath(vm: Vm, record: HistoryRecord, places: Places): string {
  return `${systemDirectory(places, record, vm.id)}/checkpoint`;
}

/**
 * What network drivers get, in base64: the VM with no more than they need. Each part stands in parents of its own, as
 * OpenNebula writes it.
 * @param deployId empty before a guest is there
 */
export function networkDocument(vm: Vm, record: HistoryRecord, deployId: string): string {
  const inTemplate = (name: string, vector: Vector) => group('TEMPLATE', vectorXml(name, vector));
  const context = vm.template.vector('CONTEXT');
  const nics = ['NIC', 'NIC_ALIAS', 'PCI'].flatMap((name) =>
    vm.template
      .vectors(name)
      .filter((nic) => nic.VN_MAD)
      .map((nic) => inTemplate(name, nic)),
  );
  const document = group(
    'VM',
    text('ID', vm.id),
    text('DEPLOY_ID', deployId),
    context ? inTemplate('CONTEXT', context) : '',
    group('USER_TEMPLATE', templateXml(vm.userTemplate)),
    ...['SECURITY_GROUP_RULE', 'VNET_UPDATE'].flatMap((name) =>
      vm.template.vectors(name).map((vector) => inTemplate(name, vector)),
    ),
    ...(['HOSTNAME', 'HID', 'DS_ID', 'VM_MAD'] as const).map((name) =>
      group('HISTORY_RECORDS', group('HISTORY', text(name, historyValue(record, name)))),
    ),
    ...nics,
  );
  return Buffer.from(document).toString('base64');
}

function historyValue(record: HistoryRecord, name: 'HOSTNAME' | 'HID' | 'DS_ID' | 'VM_MAD'): string | number {
  const values = {
    HOSTNAME: record.hostName,
    HID: record.hostId,
    DS_ID: record.datastoreId,
    VM_MAD: record.vmMad,
  };
  return values[name];
}
