/** What a caller must be allowed to use for the disks, NICs and VM group of a template (VirtualMachine::set_auth_request, 7.4). */
import type { Template, Vector } from '../../opennebula/template.ts';
import type { Demand } from '../objects/authorization.ts';
import { restrictedIn } from '../objects/restricted.ts';
import { vmGroupOf } from '../resources/vm-groups.ts';
import { idsIn } from '../vm/nic.ts';
import { networkMode } from '../vm/nic-attributes.ts';
import { notAuthorized } from './api-error.ts';
import type { Call } from './call.ts';
import { findNetwork } from './networks.ts';
import { imageOfDisk } from './template-disks.ts';

/** What does not exist asks for nothing here: making the device tells. */
export function deviceDemands(call: Call, template: Template): Demand[] {
  return [
    ...template.vectors('DISK').flatMap((disk) => diskDemands(call, disk)),
    ...['NIC', 'NIC_ALIAS'].flatMap((name) => template.vectors(name).flatMap((nic) => nicDemands(call, nic))),
    ...vmGroupDemands(call, template),
  ];
}

function vmGroupDemands(call: Call, template: Template): Demand[] {
  const attribute = template.vector('VMGROUP');
  const group = attribute && vmGroupOf(call.cloud, attribute, call.uid);
  return group ? [call.on('vmgroup', group, 'USE')] : [];
}

function diskDemands(call: Call, disk: Vector): Demand[] {
  const image = imageOfDisk(call, disk);
  return image ? [call.on('image', image, 'USE')] : [];
}

function nicDemands(call: Call, nic: Vector): Demand[] {
  const mode = networkMode(nic);
  if (mode === 'auto') return [];
  const vnet = mode === 'dummy' ? undefined : findNetwork(call, nic);
  const groups = [...idsIn(nic.SECURITY_GROUPS), ...idsIn(vnet?.template.get('SECURITY_GROUPS'))];
  return [
    ...(vnet ? [call.on('vnet', vnet, 'USE')] : []),
    ...[...new Set(groups)]
      .sort((a, b) => a - b)
      .flatMap((id) => {
        const secgroup = call.cloud.pools.secgroup.get(id);
        return secgroup ? [call.on('secgroup', secgroup, 'USE')] : [];
      }),
  ];
}

/** @param what as the message calls the template. @throws ApiError AUTHORIZATION for attributes that only oneadmin's group may give */
export function checkRestricted(call: Call, template: Template, what: string): void {
  if (call.isAdmin) return;
  const name = restrictedIn(template, call.services.configuration.list('VM_RESTRICTED_ATTR'));
  if (name !== undefined) throw notAuthorized(`${what} includes a restricted attribute ${name}`);
}
