/** NICs, their aliases and the security of both. */
import type { Node } from '../../document.ts';
import { heading, type Line, tableLines } from '../output/page.ts';
import type { Column, Table } from '../output/table.ts';
import { lastRecord } from './vm-table.ts';

/** A NIC, or a further address of the one above. */
interface NicRow {
  readonly nic?: Node;
  readonly address: string;
}

const orDash =
  (name: string) =>
  ({ nic }: NicRow) =>
    nic ? (nic.get(name) ?? '-') : '';

const NIC_COLUMNS: readonly Column<NicRow>[] = [
  { title: 'ID', width: 3, cell: ({ nic }) => nic?.get('NIC_ID') },
  { title: 'NETWORK', width: 20, left: true, cell: orDash('NETWORK') },
  { title: 'BRIDGE', width: 12, left: true, cell: orDash('BRIDGE') },
  { title: 'IP', width: 15, left: true, adjust: true, cell: ({ address }) => address },
  { title: 'MAC', width: 17, left: true, cell: orDash('MAC') },
];

const PCI_COLUMN: Column<NicRow> = { title: 'PCI_ID', width: 8, left: true, cell: ({ nic }) => nic?.get('PCI_ID') };

/** Addresses beside IP, in the order in which the rows below a NIC show them. */
const MORE_ADDRESSES = ['EXTERNAL_IP', 'IP6_LINK', 'IP6_ULA', 'IP6_GLOBAL', 'IP6'];
const ROUTER_ADDRESSES = ['VROUTER_IP', 'VROUTER_IP6_LINK', 'VROUTER_IP6_ULA', 'VROUTER_IP6_GLOBAL'];

/** NICs and PCI devices that are NICs; nothing when there are none. */
export function nicLines(vm: Node): Line[] {
  return addressLines({ columns: [...NIC_COLUMNS, PCI_COLUMN] }, nicsOf(vm));
}

export function aliasLines(vm: Node): Line[] {
  return addressLines({ columns: NIC_COLUMNS }, vm.all('TEMPLATE/NIC_ALIAS'));
}

function nicsOf(vm: Node): Node[] {
  return [...vm.all('TEMPLATE/NIC'), ...vm.all('TEMPLATE/PCI').filter((pci) => pci.get('NIC_ID') !== undefined)];
}

function addressLines(table: Table<NicRow>, nics: readonly Node[]): Line[] {
  const rows = nics.flatMap((nic): NicRow[] => [
    { nic, address: nic.get('IP') ?? '-' },
    ...MORE_ADDRESSES.flatMap((name) => nic.get(name) ?? []).map((address) => ({ address })),
    ...ROUTER_ADDRESSES.flatMap((name) => nic.get(name) ?? []).map((address) => ({ address: `${address} (VRouter)` })),
  ]);
  return rows.length === 0 ? [] : tableLines(table, rows);
}

const SSH_PORT_OFFSET = 21;

/** Ports of the host that lead to the VM. */
export function portForwardLines(vm: Node): Line[] {
  const nic = vm.all('TEMPLATE/NIC').find((candidate) => candidate.get('EXTERNAL_PORT_RANGE') !== undefined);
  const outside = nic?.get('EXTERNAL_PORT_RANGE');
  if (!nic || outside === undefined) return [];
  return [
    `[${outside}]:[${nic.get('INTERNAL_PORT_RANGE')?.split('/')[0]}]`,
    `SSH on ${lastRecord(vm)?.get('HOSTNAME')} at port ${Number(outside.split(':')[0]) + SSH_PORT_OFFSET}`,
  ];
}

const GROUP_TABLE: Table<Node> = {
  columns: [
    { title: 'NIC_ID', width: 6, cell: (nic) => nic.get('NIC_ID') },
    { title: 'NETWORK', width: 25, left: true, cell: (nic) => nic.get('NETWORK') },
    { title: 'SECURITY_GROUPS', width: 47, left: true, cell: (nic) => nic.get('SECURITY_GROUPS') },
  ],
};

/** Columns without a title have one in the heading above the table. */
const RULE_TABLE: Table<Node> = {
  columns: [
    { title: 'ID', width: 4, cell: (rule) => rule.get('SECURITY_GROUP_ID') },
    { title: 'NAME', width: 11, left: true, cell: (rule) => rule.get('SECURITY_GROUP_NAME') },
    { title: ' ', width: 8, left: true, cell: (rule) => rule.get('RULE_TYPE') },
    { title: '  ', width: 8, left: true, cell: protocolText },
    { title: 'VNET', width: 4, cell: (rule) => rule.get('NETWORK_ID') },
    { title: 'START', width: 17, left: true, adjust: true, cell: (rule) => rule.get('IP') || rule.get('MAC') },
    { title: 'SIZE', width: 6, left: true, adjust: true, cell: (rule) => rule.get('SIZE') },
    { title: '   ', width: 15, left: true, adjust: true, cell: (rule) => rule.get('RANGE') },
  ],
};

function protocolText(rule: Node): string {
  const protocol = rule.get('PROTOCOL') ?? '';
  const icmpType = protocol.toUpperCase() === 'ICMP' ? rule.get('ICMP_TYPE') : undefined;
  return icmpType === undefined ? protocol : `${protocol}-${icmpType}`;
}

const RULE_HEADING = 'SECURITY GROUP   TYPE     PROTOCOL NETWORK                       RANGE          ';

/** Security groups of the NICs and the rules of these; nothing when there are no rules. */
export function securityLines(vm: Node): Line[] {
  const rules = vm.all('TEMPLATE/SECURITY_GROUP_RULE');
  if (rules.length === 0) return [];
  return [
    '',
    heading('SECURITY'),
    '',
    ...tableLines(GROUP_TABLE, nicsOf(vm)),
    '',
    heading(RULE_HEADING),
    ...tableLines(RULE_TABLE, rules),
  ];
}
