/** `one.vm.allocate` and `one.template.instantiate` (src/rm/api/VirtualMachineAPI.cc, TemplateAPI.cc, 7.4). */
import { randomBytes, randomUUID } from 'node:crypto';
import { isYes, Template } from '../../opennebula/template.ts';
import { defaultMachine, hypervisorTest } from '../configuration/hypervisors.ts';
import { surroundingsOf } from '../dispatch/surroundings.ts';
import type { Demand } from '../objects/authorization.ts';
import { nameProblem } from '../objects/names.ts';
import { Refusal } from '../objects/refusal.ts';
import { restrictedChange } from '../objects/restricted.ts';
import type { Vm } from '../objects/vm.ts';
import type { VmTemplate } from '../objects/vm-template.ts';
import { createVm } from '../vm/create-vm.ts';
import { InvalidTemplate } from '../vm/invalid-template.ts';
import { readSchedActions, withoutSchedActions } from '../vm/sched-actions.ts';
import { withTopology } from '../vm/topology.ts';
import { ApiError, internal, notAllocated, notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, optional, string } from './method.ts';
import { onBehalf } from './on-behalf.ts';
import { nextSchedActionId } from './sched-action-ids.ts';
import { ownedByCaller } from './standard/allocate.ts';
import { cloneTemplate } from './template.ts';
import { change } from './vm-access.ts';
import { checkRestricted, deviceDemands } from './vm-devices.ts';

export const allocateVmMethod = defineMethod({
  name: 'one.vm.allocate',
  params: { template: string, hold: optional(boolean, false) },
  help: 'Makes a VM, which waits for a host, or on hold.',
  run(call, { template: source, hold }) {
    const template = call.parseTemplate(source);
    checkRestricted(call, template, 'VM Template');
    call.authorize(call.creation('vm'), ...deviceDemands(call, template));
    return makeVm(call, template, hold, internal);
  },
});

export const instantiateMethod = defineMethod({
  name: 'one.template.instantiate',
  params: {
    id: int,
    name: string,
    hold: optional(boolean, false),
    extra: optional(string, ''),
    persistent: optional(boolean, false),
  },
  help: 'Makes a VM from a template, with attributes that replace those of the template; persistent: from copies of template and images.',
  run(call, { id, name, hold, extra, persistent }) {
    const template = call.get('template', id);
    if (isForRouters(template)) {
      throw notPossible('Virtual router templates cannot be instantiated');
    }
    if (!persistent) return instantiate(call, id, { name, hold, extra });
    const given = call.parseTemplate(extra);
    // As with oned, the copies stay when no VM comes of them.
    const copy = call.once(() =>
      cloneTemplate(call, template, name === '' ? `${template.name}-copy` : name, {
        recursive: true,
        persistent: true,
        extra: given,
      }),
    );
    return instantiate(call, copy, { name, hold, extra: `CLONING_TEMPLATE_ID = "${id}"` });
  },
});

export interface InstantiateOptions {
  /** Empty: from the template's. */
  readonly name: string;
  readonly hold: boolean;
  /** What the user adds, as text. */
  readonly extra: string;
  /** What the cloud itself adds. */
  readonly added?: Template;
}

/** Makes a VM from a template. @throws ApiError */
export function instantiate(asker: Call, templateId: number, options: InstantiateOptions): number {
  const { name, hold, extra, added } = options;
  const source = asker.get('template', templateId);
  const template = merged(asker, source.template, extra);
  if (added) template.merge(added);
  const call = onBehalf(asker, template);
  template.delete('NAME').set('TEMPLATE_NAME', source.name).set('TEMPLATE_ID', String(templateId));
  if (name !== '') template.set('NAME', name);
  change(call, () => withTopology(template), notAllocated);
  const devices = deviceDemands(call, template);
  const isImage = ({ resource }: Demand) => resource.type === 'IMAGE';
  call.authorize(
    call.on('template', source, 'USE'),
    ...(extra === '' ? [] : [call.creation('template')]),
    ...devices.filter((demand) => !isImage(demand)),
  );
  // oned asks nothing of these, so that they come after all that it refuses.
  call.authorize(...devices.filter(isImage));
  return makeVm(call, template, hold, notAllocated);
}

/** Whether VMs of routers are made of a template, and no others. */
export function isForRouters({ template }: VmTemplate): boolean {
  return isYes(template.get('VROUTER'));
}

function merged(call: Call, base: Template, extra: string): Template {
  const given = extra === '' ? new Template() : call.parseTemplate(extra);
  const rules = call.isAdmin ? [] : call.services.configuration.list('VM_RESTRICTED_ATTR');
  const restricted = restrictedChange(given, base, rules, true);
  if (restricted !== undefined) {
    throw notAuthorized(`User Template includes a restricted attribute ${restricted}`);
  }
  return base.clone().merge(given);
}

/** @param refuse answers a template that makes no VM */
function makeVm(call: Call, given: Template, hold: boolean, refuse: (reason: string) => ApiError): number {
  const { pools } = call.cloud;
  const template = change(call, () => withTopology(given), notAllocated);
  let isMade = false;
  try {
    return change(
      call,
      () => {
        const vm = draft(call, pools.vm.nextId(), withoutSchedActions(template), hold);
        isMade = true;
        const schedActions = schedActionsOf(call, template, vm.createdAt);
        return call.services.dispatcher.add({ ...vm, schedActions }).id;
      },
      refuse,
    );
  } catch (error) {
    // oned gives back the id of a VM that came to nothing, unless it is the very first, or its actions are to blame.
    const isSpent = (isMade || pools.vm.lastId < 0) && error instanceof ApiError && error.code !== 'AUTHORIZATION';
    if (isSpent) call.cloud.transaction(() => pools.vm.nextId());
    throw error;
  }
}

/** @throws ApiError INTERNAL, also where another refusal is worded as ALLOCATE */
function schedActionsOf(call: Call, template: Template, createdAt: number) {
  try {
    return readSchedActions(template, createdAt, () => nextSchedActionId(call.cloud));
  } catch (error) {
    throw error instanceof Refusal ? internal(error.message) : error;
  }
}

function draft(call: Call, id: number, template: Template, onHold: boolean): Vm {
  const { cloud, services, uid } = call;
  const { configuration, clock } = services;
  const head = {
    id,
    vmId: id,
    ...ownedByCaller(call),
    createdAt: clock.now(),
    onHold: onHold || configuration.flag('VM_SUBMIT_ON_HOLD'),
    isHypervisor: hypervisorTest(configuration),
    passthroughBus: configuration.text('PCI_PASSTHROUGH_BUS'),
    defaultMachine: defaultMachine(configuration),
    uuid: randomUUID,
    randomPassword: () => randomBytes(16).toString('hex'),
  };
  checkName(template.get('NAME') || template.get('TEMPLATE_NAME') || undefined);
  const vm = createVm(
    head,
    cloud.secrets.openTemplate('vm', template),
    surroundingsOf({ cloud, configuration, vmId: id, uid }),
  );
  checkName(vm.name);
  return vm;
}

/** @throws InvalidTemplate */
function checkName(name: string | undefined): void {
  const problem = name === undefined ? undefined : nameProblem(name);
  if (problem !== undefined) throw new InvalidTemplate(problem);
}
