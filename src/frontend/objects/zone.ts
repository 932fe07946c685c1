/** Zones. There is one, this front-end, and it is no part of a federation (src/zone/Zone.cc, 7.4). */
import { Template, templateXml, type Vector } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { TemplateRecord } from './record.ts';
import { Refusal } from './refusal.ts';

export interface Zone extends TemplateRecord {
  /** 0 enabled, 1 disabled. */
  readonly state: number;
  /** Others that are to answer for the zone, in no particular order. */
  readonly servers?: readonly ZoneServer[];
}

/** ID, NAME, ENDPOINT and the like. */
export type ZoneServer = Readonly<Vector>;

/** The only zone. */
export const ZONE_ID = 0;

export function zoneXml(zone: Zone): string {
  return group(
    'ZONE',
    text('ID', zone.id),
    text('NAME', zone.name),
    text('STATE', zone.state),
    group('TEMPLATE', templateXml(zone.template)),
    group('SERVER_POOL', templateXml(new Template(serversOf(zone).map((server) => ['SERVER', { ...server }])))),
  );
}

/** A server cannot be added or taken out. The message is oned's. */
export class InvalidServer extends Refusal {
  override name = 'InvalidServer';
}

/** @throws InvalidServer */
export function withServer(zone: Zone, template: Template): Zone {
  const server = template.vector('SERVER');
  if (!server) throw new InvalidServer('SERVER not found in template');
  if (!server.NAME) throw new InvalidServer('Missing NAME in SERVER');
  if (!server.ENDPOINT && !server.ENDPOINT_GRPC) {
    throw new InvalidServer('Missing ENDPOINT or ENDPOINT_GRPC in SERVER');
  }
  const servers = serversOf(zone);
  const id = Math.max(-1, ...servers.map(({ ID }) => Number(ID))) + 1;
  return { ...zone, servers: [...servers, { ...server, ID: String(id) }] };
}

/** @throws InvalidServer */
export function withoutServer(zone: Zone, id: number): Zone {
  const servers = serversOf(zone).filter(({ ID }) => Number(ID) !== id);
  if (servers.length === serversOf(zone).length) throw new InvalidServer('SERVER not found in zone');
  return { ...zone, servers };
}

function serversOf({ servers = [] }: Zone): readonly ZoneServer[] {
  return servers;
}
