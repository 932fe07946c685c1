/** `one.zone.*` and `one.zonepool.*`: there is one zone, which stands alone (src/rm/api/ZoneAPI.cc, 7.4). */
import { group, text } from '../../opennebula/xml.ts';
import { notAllocated } from './api-error.ts';
import { boolean, defineMethod, int, type Method, string } from './method.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, sharedPoolMethod } from './standard/info.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const zoneMethods: readonly Method[] = [
  infoMethod('zone'),
  sharedPoolMethod('zone'),
  updateMethod('zone'),
  renameMethod('zone'),
  defineMethod({
    name: 'one.zone.allocate',
    params: { template: string },
    help: 'Refused, as by any zone that stands alone: new zones are made at the master of a federation.',
    run() {
      throw notAllocated('New zones can only be created at federation master');
    },
  }),
  deleteMethod('zone', { obstacle: () => 'System Zones (ID < 100) cannot be deleted.' }),
  defineMethod({
    name: 'one.zone.enable',
    params: { id: int, enable: boolean },
    help: 'Shows the zone as enabled or disabled.',
    run(call, { id, enable }) {
      const zone = call.getAuthorized('zone', id, 'ADMIN');
      call.cloud.transaction(() => call.cloud.pools.zone.put({ ...zone, state: enable ? 0 : 1 }));
      return id;
    },
  }),
  defineMethod({
    name: 'one.zone.raftstatus',
    params: {},
    help: 'State of the consensus among servers: there is only this one.',
    run: () => group('RAFT', ...Object.entries(SOLO).map(([name, value]) => text(name, value))),
  }),
];

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
