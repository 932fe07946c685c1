import type { Node } from '../document.ts';
import { idColumn, nameColumn, ownerColumns } from './columns.ts';
import { command, optional, required, type Tool } from './command.ts';
import { FILE, textFormat } from './formats.ts';
import { vmLines } from './onevnet/vnet-page.ts';
import { flag } from './option.ts';
import { fieldWriter, heading, type Line, permissionLines, tableLines } from './output/page.ts';
import type { Table } from './output/table.ts';
import { templateDump } from './output/template-dump.ts';
import { fetchDocument, resource } from './resource.ts';
import { once } from './verbs/each.ts';
import { type ListView, listCommands } from './verbs/list.ts';
import { ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const secgroup = resource('SECURITY_GROUP', 'secgroup', 'security group', 'secgroupid');
const { kind } = secgroup;

const RECOVER = flag({
  name: 'recover',
  short: '-r',
  long: '--recover',
  help: 'Only VMs that are outdated or failed: tries updates again',
});

function secgroupTable(view: ListView): Table<Node> {
  const count = (title: string, help: string, path: string) => ({
    title,
    help,
    width: 8,
    cell: (group: Node) => group.ids(path).length,
  });
  return {
    columns: [
      idColumn('Id of the security group'),
      ...ownerColumns(view, 'security group'),
      nameColumn('Name of the security group'),
      count('UPDATED', 'VMs that have its current rules', 'UPDATED_VMS'),
      count('OUTDATED', 'VMs that have earlier rules', 'OUTDATED_VMS'),
      count('ERROR', 'VMs that could not take its rules', 'ERROR_VMS'),
    ],
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

export const onesecgroup: Tool = {
  name: 'onesecgroup',
  commands: [
    command({
      name: 'create',
      help: 'Creates a security group from a template, in a file or piped in.',
      args: [optional(FILE)],
      run: async (run, file) => {
        const template = file ?? (await run.io.readStdin('only-source'));
        run.print(`ID: ${await run.client.secgroup.allocate(template)}`);
      },
    }),
    command({
      name: 'clone',
      help: 'Creates a security group as a copy of another one.',
      args: [required(secgroup.id), required(textFormat('name'))],
      run: (run, id, name) =>
        once(run, id, { kind, done: 'cloned' }, async () =>
          run.print(`ID: ${await run.client.secgroup.clone(id, name)}`),
        ),
    }),
    command({
      name: 'commit',
      help: 'Brings the rules of a security group to the VMs that use it.',
      args: [required(secgroup.id)],
      options: [RECOVER],
      run: (run, id) => once(run, id, { kind, done: 'commit' }, () => run.client.secgroup.commit(id, run.has(RECOVER))),
    }),
    plainVerb(secgroup, { name: 'delete', help: 'Deletes security groups.', done: 'deleted' }, ({ client }, id) =>
      client.secgroup.delete(id),
    ),
    ...ownerCommands(secgroup),
    renameCommand(secgroup),
    updateCommand(secgroup),
    ...listCommands({
      title: secgroup.title,
      table: secgroupTable,
      fetch: (run, filterFlag) => fetchDocument(run, 'one.secgrouppool.info', filterFlag, -1, -1),
      hasFilterFlag: true,
    }),
    showCommand({ resource: secgroup, page: secgroupPage }),
  ],
};
