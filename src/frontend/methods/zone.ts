/** `one.zone.*` and `one.zonepool.*`: there is one zone, which stands alone (src/rm/api/ZoneAPI.cc, 7.4). */
import { parseTemplate, TemplateSyntaxError } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import { InvalidServer, withoutServer, withServer, ZONE_ID, type Zone } from '../objects/zone.ts';
import { notAllocated, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, string } from './method.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, sharedPoolMethod } from './standard/info.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const zoneMethods: readonly Method[] = [
  infoMethod('zone'),
  sharedPoolMethod('zone'),
  updateMethod('zone', {
    apply: (_, zone, template) => {
      if (!template.get('ENDPOINT')) template.set('ENDPOINT', '-');
      return { ...zone, template: template.delete('SERVER') };
    },
  }),
  renameMethod('zone'),
  defineMethod({
    name: 'one.zone.allocate',
    params: { template: string },
    help: 'Refused, as by any zone that stands alone: new zones are made at the master of a federation.',
    run() {
      throw notAllocated('New zones can only be created at federation master');
    },
  }),
  deleteMethod('zone', { right: 'ADMIN', obstacle: () => 'System Zones (ID < 100) cannot be deleted.' }),
  defineMethod({
    name: 'one.zone.enable',
    params: { id: int, enable: boolean },
    help: 'Shows the zone as enabled or disabled.',
    run(call, { id, enable }) {
      if (id !== ZONE_ID) {
        throw notPossible('Enable/disable mode have to be set through the target zone endpoints');
      }
      const zone = call.getAuthorized('zone', id, 'ADMIN');
      call.cloud.transaction(() => call.cloud.pools.zone.put({ ...zone, state: enable ? 0 : 1 }));
      return id;
    },
  }),
  defineMethod({
    name: 'one.zone.addserver',
    params: { id: int, server: string },
    help: 'Adds a server to those of the zone. This one stands alone: it copies nothing to others.',
    run(call, { id, server }) {
      const zone = ownZone(call, id, 'added');
      putServers(call, () => withServer(zone, parseTemplate(server)));
      return id;
    },
  }),
  defineMethod({
    name: 'one.zone.delserver',
    params: { id: int, server: int },
    help: 'Takes a server out of those of the zone.',
    run(call, { id, server }) {
      const zone = ownZone(call, id, 'deleted');
      putServers(call, () => withoutServer(zone, server));
      return id;
    },
  }),
  defineMethod({
    name: 'one.zone.resetserver',
    params: { id: int, server: int },
    help: 'Has a server take over everything once more. This one stands alone, so there is nothing to be done.',
    run(call, { id }) {
      ownZone(call, id, 'deleted');
      return id;
    },
  }),
  defineMethod({
    name: 'one.zone.raftstatus',
    params: {},
    help: 'State of the consensus among servers: there is only this one.',
    run(call) {
      call.getAuthorized('zone', ZONE_ID, 'ADMIN');
      return group('RAFT', ...Object.entries(SOLO).map(([name, value]) => text(name, value)));
    },
  }),
];

/** @throws ApiError ACTION, AUTHORIZATION */
function ownZone(call: Call, id: number, done: string): Zone {
  if (id !== ZONE_ID) throw notPossible(`Servers have to be ${done} through the target zone endpoints`);
  return call.getAuthorized('zone', id, 'ADMIN');
}

function putServers(call: Call, change: () => Zone): void {
  try {
    const zone = change();
    call.cloud.transaction(() => call.cloud.pools.zone.put(zone));
  } catch (error) {
    if (error instanceof InvalidServer || error instanceof TemplateSyntaxError) throw notPossible(error.message);
    throw error;
  }
}

/** A server without others (src/raft/RaftManager.cc). */
const SOLO = {
  SERVER_ID: -1,
  STATE: 0,
  TERM: 0,
  VOTEDFOR: -1,
  COMMIT: 0,
  LOG_INDEX: -1,
  LOG_TERM: -1,
  FEDLOG_INDEX: -1,
};
