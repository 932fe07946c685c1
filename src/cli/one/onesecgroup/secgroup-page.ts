/** The table of security groups and the page of one. */
import type { Node } from '../../document.ts';
import { idColumn, nameColumn, ownerColumns } from '../columns.ts';
import { vmLines } from '../onevnet/vnet-page.ts';
import { fieldWriter, heading, type Line, permissionLines, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import type { ListView } from '../verbs/list.ts';

export function secgroupTable(view: ListView): Table<Node> {
  const count = (title: string, help: string, path: string) => ({
    title,
    help,
    width: 8,
    cell: (group: Node) => group.ids(path).length,
  });
  return {
    columns: [
      idColumn('ONE identifier for the Security Group'),
      nameColumn('Name of the Security Group'),
      ...ownerColumns(view, 'Security Group'),
      count('UPDATED', 'Number of VMs with updated rules', 'UPDATED_VMS'),
      count('OUTDATED', 'Number of VMs with outdated rules', 'OUTDATED_VMS'),
      count('ERROR', 'Number of VMs that failed to update rules', 'ERROR_VMS'),
    ],
    defaults: ['ID', 'USER', 'GROUP', 'NAME', 'UPDATED', 'OUTDATED', 'ERROR'],
  };
}

const RULE_TABLE: Table<Node> = {
  columns: [
    { title: 'TYPE', width: 8, left: true, cell: (rule) => rule.get('RULE_TYPE') },
    { title: 'PROTOCOL', width: 8, left: true, cell: (rule) => rule.get('PROTOCOL') },
    { title: 'ICMP_TYPE', width: 9, left: true, cell: (rule) => rule.get('ICMP_TYPE') },
    { title: 'ICMVP6_TYPE', width: 11, left: true, cell: (rule) => rule.get('ICMPV6_TYPE') },
    { title: 'NETWORK', width: 35, left: true, adjust: true, cell: ruleNetwork },
    { title: 'RANGE', width: 16, left: true, adjust: true, cell: (rule) => rule.get('RANGE') },
  ],
};

/** `VNet 0: Start: 10.0.0.1, Size: 16 `, or `Any `. */
function ruleNetwork(rule: Node): string {
  const network = rule.get('NETWORK_ID') ? `VNet ${rule.get('NETWORK_ID')}` : '';
  const start = rule.get('IP') || rule.get('MAC');
  const addresses = rule.get('SIZE') ? `${start ? `Start: ${start}, ` : ''}Size: ${rule.get('SIZE')}` : '';
  return `${[network, addresses].filter((part) => part !== '').join(': ') || 'Any'} `;
}

export function secgroupPage(group: Node): Line[] {
  const field = fieldWriter(15);
  return [
    heading(`SECURITY GROUP ${group.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', group.get('ID')),
    field('NAME', group.get('NAME')),
    field('USER', group.get('UNAME')),
    field('GROUP', group.get('GNAME')),
    ...permissionLines(group, field),
    '',
    ...vmLines(group, field),
    '',
    heading('RULES'),
    ...tableLines(RULE_TABLE, group.all('TEMPLATE/RULE')),
    '',
    heading('TEMPLATE CONTENTS'),
    templateDump(group.without('TEMPLATE', ['RULE']).first('TEMPLATE')),
  ];
}
