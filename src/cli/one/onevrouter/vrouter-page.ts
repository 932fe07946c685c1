/** The table of virtual routers and the page of one (onevrouter_helper.rb, 7.4). */
import type { Node } from '../../document.ts';
import { idColumn, nameColumn, ownerColumns } from '../columns.ts';
import { heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { ownedHead } from '../page-head.ts';
import type { ListView } from '../verbs/list.ts';

export function vrouterTable(view: ListView): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the Virtual Router'),
      nameColumn('Name of the Virtual Router'),
      ...ownerColumns(view, 'Virtual Router'),
    ],
    defaults: ['ID', 'USER', 'GROUP', 'NAME'],
  };
}

/** @param wholeTemplate  keep in the template the NICs that stand in a section of their own */
export function vrouterPage(router: Node, { wholeTemplate }: { wholeTemplate: boolean }): Line[] {
  const nics = router.all('TEMPLATE/NIC');
  const template = wholeTemplate ? router : router.without('TEMPLATE', ['NIC']);
  return [
    ...ownedHead(router, 'VIRTUAL ROUTER'),
    ...(nics.length > 0
      ? ['', heading('VIRTUAL ROUTER NICS'), ...tableLines(NIC_TABLE, nics.flatMap(addressRows))]
      : []),
    '',
    heading('TEMPLATE CONTENTS'),
    templateDump(template.first('TEMPLATE')),
    '',
    heading('VIRTUAL MACHINES', { width: 15, underlined: true }),
    ...router.ids('VMS').map((id) => id.padEnd(15)),
  ];
}

/** A NIC, and a row of its own for each further address. */
interface AddressRow {
  readonly nic?: Node;
  readonly address: string | undefined;
}

/** Only floating addresses belong to the router itself; others are those of its VMs. */
function addressRows(nic: Node): AddressRow[] {
  if (nic.get('FLOATING_IP')?.toUpperCase() !== 'YES') return [{ nic, address: undefined }];
  const further = ['IP6_LINK', 'IP6_ULA', 'IP6_GLOBAL'].flatMap((name) => nic.get(name) ?? []);
  return [{ nic, address: nic.get('IP') }, ...further.map((address): AddressRow => ({ address }))];
}

const NIC_TABLE: Table<AddressRow> = {
  columns: [
    { title: 'ID', width: 3, cell: ({ nic }) => nic?.get('NIC_ID') },
    { title: 'NETWORK', width: 20, left: true, cell: ({ nic }) => nic && (nic.get('NETWORK') ?? '-') },
    {
      title: 'MANAGEMENT',
      width: 10,
      left: true,
      cell: ({ nic }) => nic && (nic.get('VROUTER_MANAGEMENT') ?? 'NO'),
    },
    { title: 'IP', width: 15, left: true, adjust: true, cell: ({ address }) => address ?? '-' },
  ],
};
