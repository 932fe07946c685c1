/** Which VLANs a caller may name for networks: those that a rule of one of his groups allows (src/rm/api/SharedAPI.cc, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import { allowsVlan, InvalidVlanRule, isForTemplate, type VlanRule, vlanRequests } from '../objects/vlan-rules.ts';
import { notAuthorized } from './api-error.ts';
import type { Call } from './call.ts';

/** Of networks that were made from no template. */
const NO_TEMPLATE = -1;

/**
 * @param template  what the caller gives
 * @param vnTemplateId  the template from which the network is made
 * @throws ApiError AUTHORIZATION
 */
export function checkVlans(call: Call, template: Template, vnTemplateId = NO_TEMPLATE): void {
  if (call.isAdmin) return;
  const rulesOfGroups = call.caller.groupIds
    .toSorted((a, b) => a - b)
    .map((id) => call.cloud.pools.group.get(id)?.vlanRules ?? []);
  const isChosen = ['AUTOMATIC_VLAN_ID', 'AUTOMATIC_OUTER_VLAN_ID'].some((name) => template.isYes(name));
  const isRuled = (rules: readonly VlanRule[]) => rules.some((rule) => isForTemplate(rule, vnTemplateId));
  if (isChosen && vnTemplateId !== NO_TEMPLATE && rulesOfGroups.some(isRuled)) {
    throw notAuthorized('Automatic selection of VLAN ID cannot be used with VLAN rules scoped to the VN Template');
  }
  for (const request of vlanRequests(template)) {
    if (!rulesOfGroups.some((rules) => allows(rules, request, vnTemplateId))) {
      throw notAuthorized(`User is not authorized to use the requested ${request.scope}`);
    }
  }
}

function allows(...args: Parameters<typeof allowsVlan>): boolean {
  try {
    return allowsVlan(...args);
  } catch (error) {
    throw error instanceof InvalidVlanRule ? notAuthorized(error.message) : error;
  }
}
