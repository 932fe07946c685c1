/**
 * Virtual routers (src/vrouter/VirtualRouter.cc, 7.4): VMs that join networks, with NICs in common. Addresses that float
 * between the VMs are the router's own.
 */
import { permissionsXml } from '../../opennebula/permissions.ts';
import { templateXml } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import { headXml, idList, lockXml } from './xml-parts.ts';

/** Its template holds its NICs, each with its NIC_ID. */
export interface VirtualRouter extends OwnedRecord, LockableRecord, TemplateRecord {}

export function vrouterXml(router: VirtualRouter, vmIds: Iterable<number>): string {
  return group(
    'VROUTER',
    headXml(router),
    permissionsXml(router.permissions),
    lockXml(router),
    idList('VMS', vmIds),
    group('TEMPLATE', templateXml(router.template)),
  );
}
