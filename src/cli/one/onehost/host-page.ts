/** The page of a host. */
import { HOST_STATE } from '../../../opennebula/numbers.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import type { Node } from '../../document.ts';
import { vmSection } from '../onevm/related-vms.ts';
import { lastRecord } from '../onevm/vm-table.ts';
import { fieldWriter, heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { timeText } from '../output/times.ts';
import { sizeText } from '../output/units.ts';
import { numaLines } from './numa.ts';

/** @param vms  the pool of VMs, of which those on this host are shown */
export function hostPage(host: Node, vms: Node, now: number): Line[] {
  return [
    ...headLines(host),
    '',
    ...shareLines(host),
    '',
    ...localDatastoreLines(host),
    heading('MONITORING INFORMATION'),
    templateDump(host.without('TEMPLATE', ['VM']).first('TEMPLATE')),
    ...pciLines(host),
    ...numaLines(host),
    '',
    ...wildLines(host),
    '',
    ...vmSection(vms, (vm) => lastRecord(vm)?.get('HOSTNAME') === host.get('NAME'), now),
  ];
}

const field = fieldWriter(22);

function headLines(host: Node): Line[] {
  return [
    heading(`HOST ${host.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', host.get('ID')),
    field('NAME', host.get('NAME')),
    field('CLUSTER', host.get('CLUSTER') ?? '-'),
    field('STATE', nameOf(HOST_STATE, host.int('STATE'))),
    field('IM_MAD', host.get('IM_MAD')),
    field('VM_MAD', host.get('VM_MAD')),
    field('LAST MONITORING TIME', timeText(host.int('MONITORING/TIMESTAMP'))),
  ];
}

function shareLines(host: Node): Line[] {
  const memory = (path: string) => sizeText(host.int(path));
  return [
    heading('HOST SHARES'),
    field('RUNNING VMS', host.get('HOST_SHARE/RUNNING_VMS')),
    heading('MEMORY'),
    field('  TOTAL', memory('HOST_SHARE/TOTAL_MEM')),
    field('  TOTAL +/- RESERVED', memory('HOST_SHARE/MAX_MEM')),
    field('  USED (REAL)', memory('MONITORING/CAPACITY/USED_MEMORY')),
    field('  USED (ALLOCATED)', memory('HOST_SHARE/MEM_USAGE')),
    heading('CPU'),
    field('  TOTAL', host.get('HOST_SHARE/TOTAL_CPU')),
    field('  TOTAL +/- RESERVED', host.get('HOST_SHARE/MAX_CPU')),
    field('  USED (REAL)', host.get('MONITORING/CAPACITY/USED_CPU')),
    field('  USED (ALLOCATED)', host.get('HOST_SHARE/CPU_USAGE')),
  ];
}

function localDatastoreLines(host: Node): Line[] {
  return host
    .all('HOST_SHARE/DATASTORES/DS')
    .flatMap((datastore) => [
      heading(`LOCAL SYSTEM DATASTORE #${datastore.get('ID')} CAPACITY`),
      field('TOTAL:', sizeText(datastore.int('TOTAL_MB'), 'M')),
      field('USED: ', sizeText(datastore.int('USED_MB'), 'M')),
      field('FREE:', sizeText(datastore.int('FREE_MB'), 'M')),
      '',
    ]);
}

const PCI_TABLE: Table<Node> = {
  columns: [
    {
      title: 'VM',
      width: 5,
      cell: (device) => (device.get('VMID') === '-1' ? '' : device.get('VMID')),
    },
    { title: 'ADDR', width: 7, left: true, cell: (device) => device.get('SHORT_ADDRESS') },
    { title: 'TYPE', width: 14, left: true, cell: (device) => device.get('TYPE') },
    { title: 'NAME', width: 50, left: true, cell: (device) => device.get('DEVICE_NAME') },
  ],
};

function pciLines(host: Node): Line[] {
  const devices = host.all('HOST_SHARE/PCI_DEVICES/PCI');
  if (devices.length === 0) return [];
  return ['', heading('PCI DEVICES', { width: 0 }), '', ...tableLines(PCI_TABLE, devices)];
}

/** VMs that run on the host and are not OpenNebula's. */
function wildLines(host: Node): Line[] {
  const row = (name = '', deployId = '', cpu = '', memory = '') =>
    [name.slice(0, 30).padEnd(30), deployId.padStart(36), cpu.padStart(4), memory.padStart(10)].join(' ');
  return [
    heading('WILD VIRTUAL MACHINES', { width: 0 }),
    '',
    { heading: row('NAME', 'DEPLOY_ID', 'CPU', 'MEMORY'), underlined: true },
    ...host.all('TEMPLATE/VM').map((wild) => {
      const template = wild.get('IMPORT_TEMPLATE');
      if (template === undefined) return row(wild.get('VM_NAME'), wild.get('DEPLOY_ID'), '-', '-');
      const imported = Buffer.from(template, 'base64').toString('utf8');
      const value = (name: string) => new RegExp(`${name}\\s*=\\s*"?([^"\\n]*)`).exec(imported)?.[1]?.trim();
      return row(wild.get('VM_NAME'), value('DEPLOY_ID'), value('CPU'), value('MEMORY'));
    }),
  ];
}
