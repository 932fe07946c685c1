/** Virtual data centres: groups, and the resources that they may use, all of this zone (src/vdc/Vdc.cc, 7.4). */
import { templateXml } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { TemplateRecord } from './record.ts';
import { idList } from './xml-parts.ts';

export interface Vdc extends TemplateRecord {
  readonly groupIds: readonly number[];
  readonly clusters: readonly VdcResource[];
  readonly hosts: readonly VdcResource[];
  readonly datastores: readonly VdcResource[];
  readonly vnets: readonly VdcResource[];
}

export interface VdcResource {
  readonly zoneId: number;
  /** `ALL_RESOURCES`, or one object. */
  readonly id: number;
}

/** What a VDC has lists of. */
export type VdcList = 'clusters' | 'hosts' | 'datastores' | 'vnets';

/** The VDC to which every group is added. */
export const DEFAULT_VDC_ID = 0;

/** Stands for every object of a kind in a zone (include/Vdc.h, ALL_RESOURCES). */
export const ALL_RESOURCES = -10;

export function vdcXml(vdc: Vdc): string {
  const resources = (list: string, element: string, entries: readonly VdcResource[]) =>
    group(list, ...entries.map(({ zoneId, id }) => group(element, text('ZONE_ID', zoneId), text(`${element}_ID`, id))));
  return group(
    'VDC',
    text('ID', vdc.id),
    text('NAME', vdc.name),
    idList('GROUPS', vdc.groupIds),
    resources('CLUSTERS', 'CLUSTER', vdc.clusters),
    resources('HOSTS', 'HOST', vdc.hosts),
    resources('DATASTORES', 'DATASTORE', vdc.datastores),
    resources('VNETS', 'VNET', vdc.vnets),
    group('TEMPLATE', templateXml(vdc.template)),
  );
}
