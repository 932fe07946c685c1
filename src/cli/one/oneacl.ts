/** oneacl: access rules. */
import type { Node } from '../document.ts';
import { idColumn } from './columns.ts';
import { command, optional, required, type Tool } from './command.ts';
import { RANGE, textFormat } from './formats.ts';
import { encodeRule, resourceMask, rightsMask } from './oneacl/rule-text.ts';
import type { Table } from './output/table.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument } from './resource.ts';
import { forEach } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';

/** The parts of a rule's text: user, resource with id, rights, zone. */
function part(rule: Node, index: number): string {
  return rule.get('STRING')?.split(' ')[index] ?? '';
}

function aclTable(): Table<Node> {
  return {
    columns: [
      idColumn('Rule Identifier'),
      { title: 'USER', help: 'To which resource owner the rule applies to', width: 8, cell: (rule) => part(rule, 0) },
      {
        title: 'RES_VHNIUTGDCOZSvRMAPtB',
        help: 'Resource to which the rule applies',
        width: 23,
        cell: (rule) => resourceMask(part(rule, 1).split('/')[0] ?? ''),
      },
      { title: 'RID', help: 'Resource ID', width: 5, cell: (rule) => part(rule, 1).split('/')[1] },
      { title: 'ZONE', help: 'Zone ID', width: 5, cell: (rule) => part(rule, 3) },
      {
        title: 'OPE_UMAC',
        help: 'Operation to which the rule applies',
        width: 8,
        cell: (rule) => rightsMask(part(rule, 2)),
      },
      {
        title: 'STRING',
        help: 'ACL rule in string format',
        width: 5,
        left: true,
        adjust: true,
        cell: (rule) => rule.get('STRING'),
      },
    ],
    defaults: ['ID', 'USER', 'RES_VHNIUTGDCOZSvRMAPtB', 'RID', 'OPE_UMAC', 'ZONE'],
  };
}

export const oneacl: Tool = {
  name: 'oneacl',
  commands: [
    command({
      name: 'create',
      help: [
        'Creates an access rule, as one text or as numbers in hexadecimal:',
        '  oneacl create "@100 VM+IMAGE/* CREATE"',
        '  oneacl create 200000064 9400000000 8',
      ].join('\n'),
      args: [
        required(textFormat('user|rulestr')),
        optional(textFormat('resource')),
        optional(textFormat('rights')),
        optional(textFormat('zone')),
      ],
      run: async (run, ruleOrUser, resource, rights, zone) => {
        if (resource !== undefined && rights === undefined)
          throw new Refusal('Wrong number of arguments, must be 1 or 4');
        const [user = '', on = '', may = '', where = ''] =
          rights === undefined ? encodeRule(ruleOrUser) : [ruleOrUser, resource, rights, zone];
        run.print(`ID: ${await run.client.acl.addrule(user, on, may, where)}`);
      },
    }),
    command({
      name: 'delete',
      help: 'Deletes access rules.',
      args: [required(RANGE)],
      run: (run, ids) => forEach(run, ids, { kind: 'ACL', done: 'deleted' }, (id) => run.client.acl.delrule(id)),
    }),
    ...listCommands({
      title: 'access rule',
      table: aclTable,
      fetch: (run) => fetchDocument(run, 'one.acl.info'),
    }),
  ],
};
