/** Zones. There is one, this front-end, and it is no part of a federation (src/zone/Zone.cc, 7.4). */
import { templateXml } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { TemplateRecord } from './record.ts';

export interface Zone extends TemplateRecord {
  /** 0 enabled, 1 disabled. */
  readonly state: number;
}

/** The only zone. */
export const ZONE_ID = 0;

export function zoneXml(zone: Zone): string {
  return group(
    'ZONE',
    text('ID', zone.id),
    text('NAME', zone.name),
    text('STATE', zone.state),
    group('TEMPLATE', templateXml(zone.template)),
    group('SERVER_POOL'),
  );
}
