/** The table of networks and the page of one. */
import { VNET_STATE } from '../../../opennebula/numbers.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import type { Node } from '../../document.ts';
import { clustersText, idColumn, nameColumn, ownerColumns } from '../columns.ts';
import { type FieldWriter, fieldWriter, heading, type Line, permissionLines, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { lockText } from '../output/units.ts';
import type { ListView } from '../verbs/list.ts';

const STATE_SHORT = {
  INIT: 'init',
  READY: 'rdy',
  LOCK_CREATE: 'lock',
  LOCK_DELETE: 'lock',
  DONE: 'done',
  ERROR: 'err',
  UPDATE_FAILURE: 'fail',
} as const;

export function vnetTable(view: ListView): Table<Node> {
  const count = (title: string, help: string, path: string) => ({
    title,
    help,
    width: 4,
    cell: (vnet: Node) => vnet.ids(path).length,
  });
  return {
    columns: [
      idColumn('ONE identifier for Virtual Network'),
      ...ownerColumns(view, 'Virtual Network'),
      nameColumn('Name of the Virtual Network'),
      { title: 'CLUSTERS', help: 'Cluster IDs', width: 10, left: true, cell: clustersText },
      {
        title: 'BRIDGE',
        help: 'Bridge associated to the Virtual Network',
        width: 8,
        left: true,
        expand: true,
        cell: (vnet) => vnet.get('BRIDGE'),
      },
      {
        title: 'STATE',
        help: 'State of the Virtual Network',
        width: 6,
        left: true,
        expand: true,
        cell: (vnet) => STATE_SHORT[nameOf(VNET_STATE, vnet.int('STATE')) ?? 'INIT'],
      },
      {
        title: 'LEASES',
        help: "Number of this Virtual Network's given leases",
        width: 6,
        cell: (vnet) => vnet.get('USED_LEASES'),
      },
      count('UPDATED', 'Number of VMs with updated VN attributes', 'UPDATED_VMS'),
      count('OUTDATED', 'Number of VMs with outdated VN attributes', 'OUTDATED_VMS'),
      count('ERROR', 'Number of VMs that failed to update VN attributes', 'ERROR_VMS'),
    ],
    defaults: ['ID', 'USER', 'GROUP', 'NAME', 'CLUSTERS', 'BRIDGE', 'STATE', 'LEASES', 'OUTDATED', 'ERROR'],
  };
}

const field = fieldWriter(25);
const rangeField = fieldWriter(15);

export function vnetPage(vnet: Node, { withRanges = false } = {}): Line[] {
  const filled = (name: string, path: string) => (vnet.get(path) ? [field(name, vnet.get(path))] : []);
  const isSet = (path: string) => (vnet.get(path) === '1' ? 'YES' : 'NO');
  const ranges = vnet.all('AR_POOL/AR');
  return [
    heading(`VIRTUAL NETWORK ${vnet.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', vnet.get('ID')),
    field('NAME', vnet.get('NAME')),
    field('USER', vnet.get('UNAME')),
    field('GROUP', vnet.get('GNAME')),
    field('LOCK', lockText(vnet)),
    field('CLUSTERS', clustersText(vnet)),
    field('BRIDGE', vnet.get('BRIDGE')),
    field('STATE', nameOf(VNET_STATE, vnet.int('STATE'))),
    ...filled('VN_MAD', 'VN_MAD'),
    ...filled('PHYSICAL DEVICE', 'PHYDEV'),
    ...filled('VLAN ID', 'VLAN_ID'),
    field('AUTOMATIC VLAN ID', isSet('VLAN_ID_AUTOMATIC')),
    ...filled('OUTER VLAN ID', 'OUTER_VLAN_ID'),
    field('AUTOMATIC OUTER VLAN ID', isSet('OUTER_VLAN_ID_AUTOMATIC')),
    field('USED LEASES', vnet.get('USED_LEASES')),
    '',
    ...permissionLines(vnet, field),
    '',
    heading('VIRTUAL NETWORK TEMPLATE'),
    templateDump(vnet.first('TEMPLATE'), { indented: false }),
    '',
    heading('ADDRESS RANGE POOL'),
    ...ranges.flatMap(rangeLines),
    '',
    heading('LEASES'),
    ...tableLines(LEASE_TABLE, ranges.flatMap(leasesOf)),
    '',
    heading('VIRTUAL ROUTERS', { width: 15, underlined: true }),
    ...vnet.ids('VROUTERS').map((id) => id.padEnd(15)),
    '',
    ...vmLines(vnet, ranges.length > 0 ? rangeField : field),
    ...(withRanges ? ranges.flatMap(rangeTemplateLines) : []),
  ];
}

/** Kinds of addresses that a range may give, and where its last one stands. */
const RANGE_ADDRESSES = ['IP', 'IP6_GLOBAL', 'IP6_ULA', 'IP6'] as const;

function rangeLines(range: Node): Line[] {
  const filled = (name: string) => (range.get(name) === undefined ? [] : [rangeField(name, range.get(name))]);
  const row = (name: string, first = '', last = '') => `${name.padEnd(10)} ${first.padStart(34)} ${last.padStart(34)}`;
  return [
    heading(`AR ${range.get('AR_ID')}`, { underlined: true }),
    rangeField('SIZE', range.get('SIZE')),
    rangeField('LEASES', range.get('USED_LEASES')),
    ...filled('VN_MAD'),
    ...filled('IPAM_MAD'),
    '',
    { heading: row('RANGE', 'FIRST', 'LAST'), underlined: false },
    row('MAC', range.get('MAC'), range.get('MAC_END')),
    ...RANGE_ADDRESSES.flatMap((name) => {
      const first = range.get(name);
      return first === undefined ? [] : [row(name, first, range.get(`${name}_END`))];
    }),
    '',
  ];
}

interface Lease {
  readonly rangeId: string | undefined;
  readonly lease: Node;
}

function leasesOf(range: Node): Lease[] {
  return range.all('LEASES/LEASE').map((lease) => ({ rangeId: range.get('AR_ID'), lease }));
}

const LEASE_TABLE: Table<Lease> = {
  columns: [
    { title: 'AR', width: 3, left: true, cell: ({ rangeId }) => rangeId },
    {
      title: 'OWNER',
      width: 10,
      left: true,
      cell: ({ lease }) => {
        const owners = { V: lease.get('VM'), N: lease.get('VNET'), R: lease.get('VROUTER') };
        const [letter, id] = Object.entries(owners).find(([, owner]) => owner !== undefined) ?? [];
        return letter && `${letter}:${id}`;
      },
    },
    { title: 'MAC', width: 5, adjust: true, cell: ({ lease }) => lease.get('MAC') },
    { title: 'IP', width: 5, adjust: true, cell: ({ lease }) => lease.get('IP') ?? '-' },
    {
      title: 'PORT_FORWARD',
      width: 5,
      adjust: true,
      cell: ({ lease }) => {
        const outside = lease.get('EXTERNAL_PORT_RANGE');
        return outside === undefined ? '-' : `[${outside}]:[${lease.get('INTERNAL_PORT_RANGE')?.split('/')[0]}]`;
      },
    },
    { title: 'IP6', width: 5, adjust: true, cell: ({ lease }) => lease.get('IP6') ?? lease.get('IP6_GLOBAL') ?? '-' },
  ],
};

/** Which VMs have the attributes of the network or the rules of a security group. */
export function vmLines(object: Node, write: FieldWriter): Line[] {
  return [
    heading('VIRTUAL MACHINES'),
    write('UPDATED', object.ids('UPDATED_VMS').join(',')),
    write('OUTDATED', [...object.ids('OUTDATED_VMS'), ...object.ids('UPDATING_VMS')].join(',')),
    write('ERROR', object.ids('ERROR_VMS').join(',')),
  ];
}

function rangeTemplateLines(range: Node): Line[] {
  return ['', heading(`TEMPLATE FOR AR ${range.get('AR_ID')}`), templateDump(range)];
}
