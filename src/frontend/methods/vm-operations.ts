/** Which right each operation on a VM needs, as users, groups and the configuration set it (src/vm/VMActions.cc, 7.4). */
import { commaList } from '../../opennebula/lists.ts';
import type { Right } from '../../opennebula/permissions.ts';
import type { Template } from '../../opennebula/template.ts';
import type { TemplateRecord } from '../objects/record.ts';
import { Refusal } from '../objects/refusal.ts';
import type { Call } from './call.ts';

/** Operations as the lists name them; one name covers undoing too. */
const VM_OPERATIONS = [
  'migrate',
  'delete',
  'recover',
  'retry',
  'deploy',
  'resched',
  'undeploy',
  'hold',
  'release',
  'stop',
  'suspend',
  'resume',
  'reboot',
  'poweroff',
  'disk-attach',
  'nic-attach',
  'disk-snapshot',
  'terminate',
  'disk-resize',
  'snapshot',
  'updateconf',
  'rename',
  'resize',
  'update',
  'disk-saveas',
  'backup',
  'sched-action',
  'sg-attach',
  'pci-attach',
  'restore',
  'exec',
  'vmgroup',
] as const;

export type VmOperation = (typeof VM_OPERATIONS)[number];

/** Of lists that name an operation more than once, the first holds. */
const LISTS = [
  ['ADMIN', 'VM_ADMIN_OPERATIONS'],
  ['MANAGE', 'VM_MANAGE_OPERATIONS'],
  ['USE', 'VM_USE_OPERATIONS'],
] as const;

/** By the user's template, else his group's, else the configuration; MANAGE when none of them names the operation. */
export function rightFor(call: Call, operation: VmOperation): Right {
  const { configuration } = call.services;
  const sources = [
    (name: string) => call.caller.user.template.get(name),
    (name: string) => call.cloud.pools.group.get(call.gid)?.template.get(name),
    (name: string) => configuration.text(name),
  ];
  for (const read of sources) {
    for (const [right, list] of LISTS) if (namesIn(read(list)).includes(operation)) return right;
  }
  return 'MANAGE';
}

class UnknownOperation extends Refusal {
  override name = 'UnknownOperation';
}

/** A user or group with its new template. @throws UnknownOperation when a list of it names what is no operation */
export function withOperationLists<R extends TemplateRecord>(_: Call, record: R, template: Template): R {
  const known: readonly string[] = VM_OPERATIONS;
  const named = LISTS.flatMap(([, list]) => namesIn(template.get(list)).sort());
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UnknownOperation(`Unknown vm operation: ${unknown}`);
  return { ...record, template };
}

function namesIn(list = ''): string[] {
  return commaList(list.toLowerCase());
}
