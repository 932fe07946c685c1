/** NICs of virtual routers, and VMs that are theirs (src/vrouter/VirtualRouter.cc, 7.4). */
import { isYes, Template, type Vector } from '../../opennebula/template.ts';
import type { QuotaUse } from '../objects/quotas.ts';
import type { Vm } from '../objects/vm.ts';
import type { VirtualRouter } from '../objects/vrouter.ts';
import { without } from './edit-template.ts';

/** Whether the router holds an address that the VMs pass to each other. */
export function hasFloatingIp(nic: Vector): boolean {
  return isYes(nic.FLOATING_IP);
}

/** Whether the VMs have no address of their own beside the one that floats. */
export function hasOnlyFloatingIp(nic: Vector): boolean {
  return hasFloatingIp(nic) && isYes(nic.FLOATING_ONLY);
}

/** What the router keeps under other names, so that the VMs take addresses of their own. */
const OF_ROUTER = ['MAC', 'IP', 'IP6_LINK', 'IP6_ULA', 'IP6_GLOBAL', 'VLAN_ID'] as const;

/**
 * A NIC with a floating address as the router keeps it and its VMs get it.
 * @param restricted attributes of NICs that users may not give: they come from the network, not from the router
 */
export function routerNic(nic: Vector, restricted: readonly string[]): Vector {
  const held = OF_ROUTER.flatMap((name) => (nic[name] === undefined ? [] : [[`VROUTER_${name}`, nic[name]] as const]));
  return { ...without(nic, ...OF_ROUTER, ...restricted), ...Object.fromEntries(held) };
}

/** The addresses of a router that its owner is counted for. */
export function routerQuotaUses(nics: readonly Vector[]): QuotaUse[] {
  return nics.flatMap((nic) =>
    hasFloatingIp(nic) && nic.NETWORK_ID
      ? [{ family: 'NETWORK', id: nic.NETWORK_ID, amounts: { LEASES: 1 } } as const]
      : [],
  );
}

/** What each VM of a router has beside its own template: the NICs, and how VMs find each other by VRRP. */
export function vmTemplateOfRouter({ id, template }: VirtualRouter): Template {
  const given = template.get('KEEPALIVED_ID') ?? '';
  const password = template.get('KEEPALIVED_PASSWORD');
  return new Template([
    ...template.vectors('NIC').map((nic) => ['NIC', nic] as const),
    ['VROUTER_ID', String(id)],
    ['VROUTER_KEEPALIVED_ID', /^\s*[+-]?\d+\s*$/.test(given) ? String(Number(given)) : String((id % 255) + 1)],
    ...(password ? [['VROUTER_KEEPALIVED_PASSWORD', password] as const] : []),
  ]);
}

/** The router that a VM belongs to. */
export function routerOf(vm: Vm): number | undefined {
  const id = vm.template.get('VROUTER_ID');
  return id !== undefined && /^\d+$/.test(id) ? Number(id) : undefined;
}

const IN_CONTEXT = ['VROUTER_ID', 'VROUTER_KEEPALIVED_ID', 'VROUTER_KEEPALIVED_PASSWORD'] as const;

/** What the context of a router's VM tells of the router. */
export function routerContext(template: Template): Vector {
  return Object.fromEntries(
    IN_CONTEXT.flatMap((name) => {
      const value = template.get(name);
      return value ? [[name, value] as const] : [];
    }),
  );
}
