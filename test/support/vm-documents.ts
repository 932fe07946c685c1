/** Documents of VMs as drivers get them, with what a test does not care about filled in. */
import { cdata, group, text } from '../../src/opennebula/xml.ts';

type Values = Readonly<Record<string, string | number>>;

export interface VmFields {
  readonly id: number;
  readonly host?: string;
  readonly template?: Values;
  readonly disks?: readonly Values[];
  readonly nics?: readonly Values[];
  readonly aliases?: readonly Values[];
  /** Of security groups, as VMs carry them. */
  readonly rules?: readonly Values[];
  readonly context?: Values;
  readonly graphics?: Values;
  readonly docker?: Values;
  readonly lcmState?: number;
  /** Of the last history record. */
  readonly seq?: number;
  readonly deployId?: string;
  /** Hypervisor's ids of system snapshots. */
  readonly systemSnapshots?: readonly string[];
}

const vector = (name: string, values: Values) =>
  group(name, ...Object.entries(values).map(([key, value]) => cdata(key, value)));

/** `<VM>`, as the deployment file of TYPE=xml has it. The first disk is a container image unless it says otherwise. */
export function vmDocument(vm: VmFields): string {
  const {
    id,
    host = 'host-1',
    template = {},
    disks = [{}],
    nics = [],
    aliases = [],
    context,
    graphics,
    docker,
    lcmState = 3,
    seq = 0,
    deployId = `one-${id}`,
    systemSnapshots = [],
  } = vm;
  return group(
    'VM',
    text('ID', id),
    text('NAME', `vm ${id}`),
    text('LCM_STATE', lcmState),
    text('DEPLOY_ID', deployId),
    group(
      'TEMPLATE',
      ...Object.entries({ CPU: '0.5', MEMORY: '64', VMID: id, ...template }).map(([name, value]) => cdata(name, value)),
      ...disks.map((disk, i) => vector('DISK', { DISK_ID: i, ...(i === 0 ? ROOT_DISK : DATA_DISK), ...disk })),
      ...nics.map((nic, i) => vector('NIC', { NIC_ID: i, TARGET: `one-${id}-${i}`, VN_MAD: 'bridge', ...nic })),
      ...aliases.map((alias, i) => vector('NIC_ALIAS', { NIC_ID: nics.length + i, VN_MAD: 'bridge', ...alias })),
      ...(context ? [vector('CONTEXT', context)] : []),
      ...(graphics ? [vector('GRAPHICS', graphics)] : []),
      ...systemSnapshots.map((name, i) => vector('SNAPSHOT', { SNAPSHOT_ID: i, HYPERVISOR_ID: name })),
    ),
    group('USER_TEMPLATE', ...(docker ? [vector('DOCKER', docker)] : [])),
    group(
      'HISTORY_RECORDS',
      group('HISTORY', text('SEQ', seq), text('HOSTNAME', host), text('HID', 0), text('DS_ID', 0)),
    ),
  );
}

/** What the other actions get: the same VM in a request, with its system datastore. */
export function requestDocument(vm: VmFields, datastores = '/var/lib/one//datastores'): string {
  return group(
    'VMM_DRIVER_ACTION_DATA',
    text('HOST', vm.host ?? 'host-1'),
    text('DEPLOY_ID', vm.deployId ?? `one-${vm.id}`),
    vmDocument(vm),
    group('DATASTORE', text('ID', 0), cdata('BASE_PATH', `${datastores}/0`)),
  );
}

/** What network drivers get: parents are repeated. */
export function networkDocument(vm: VmFields): string {
  const { id, host = 'host-1', nics = [], aliases = [], rules = [] } = vm;
  return group(
    'VM',
    text('ID', id),
    group('DEPLOY_ID'),
    group('HISTORY_RECORDS', group('HISTORY', text('HOSTNAME', host))),
    group('HISTORY_RECORDS', group('HISTORY', text('VM_MAD', 'onedock'))),
    ...rules.map((rule) => group('TEMPLATE', vector('SECURITY_GROUP_RULE', rule))),
    ...nics.map((nic, i) =>
      group('TEMPLATE', vector('NIC', { NIC_ID: i, TARGET: `one-${id}-${i}`, VN_MAD: 'bridge', ...nic })),
    ),
    ...aliases.map((alias, i) =>
      group('TEMPLATE', vector('NIC_ALIAS', { NIC_ID: nics.length + i, VN_MAD: 'bridge', ...alias })),
    ),
  );
}

const ROOT_DISK = {
  SOURCE: 'docker://registry:5000/onedock/image-1:latest',
  TM_MAD: 'onedock',
  FORMAT: 'raw',
  DRIVER: 'raw',
  TYPE: 'FILE',
};
const DATA_DISK = { TM_MAD: 'local', FORMAT: 'raw', TYPE: 'fs', SIZE: '50' };
