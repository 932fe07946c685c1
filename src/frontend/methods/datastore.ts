/** `one.datastore.*` and `one.datastorepool.*` (src/rm/api/DatastoreAPI.cc, 7.4). */
import { DEFAULT_CLUSTER_ID } from '../objects/cluster.ts';
import type { Datastore } from '../objects/datastore.ts';
import { type DatastoreDrivers, decideForNew, decideForUpdate } from '../objects/datastore-template.ts';
import { removeFromVdcs } from '../resources/vdc-resources.ts';
import { internal } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, string } from './method.ts';
import { namingObstacle, ownedByCaller } from './standard/allocate.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, sharedPoolMethod } from './standard/info.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

/** Bits that datastores get whatever the user's umask is (DatastorePool's 0137, and use for the group). */
const GROUP_USE = 0o040;

export const datastoreMethods: readonly Method[] = [
  defineMethod({
    name: 'one.datastore.allocate',
    params: { template: string, cluster: int },
    help: 'Makes a datastore in a cluster.',
    run(call, { template: source, cluster }) {
      const template = call.parseTemplate(source);
      const target = call.get('cluster', cluster === -1 ? DEFAULT_CLUSTER_ID : cluster);
      call.authorize(call.creation('datastore'), call.on('cluster', target, 'ADMIN'));
      const name = template.get('NAME') ?? '';
      const obstacle = namingObstacle(call, 'datastore', name, call.uid);
      if (obstacle !== undefined) throw internal(obstacle);
      const decisions = decideForNew(template, driversOf(call));
      const { datastore: pool } = call.cloud.pools;
      return call.cloud.transaction(() => {
        const id = pool.nextId();
        const owned = ownedByCaller(call);
        return pool.put({
          ...owned,
          permissions: owned.permissions | GROUP_USE,
          id,
          name,
          ...decisions,
          basePath: `${call.services.configuration.text('DATASTORE_LOCATION')}/${id}`,
          state: 'READY',
          clusterIds: [target.id],
          totalMb: 0,
          freeMb: 0,
          usedMb: 0,
        }).id;
      });
    },
  }),
  infoMethod('datastore'),
  sharedPoolMethod('datastore'),
  updateMethod('datastore', { apply: withTemplate }),
  renameMethod('datastore', {
    spread: ({ cloud }, { id, name }) => {
      for (const imageId of cloud.pools.image.ids('datastore', id)) {
        const image = cloud.pools.image.get(imageId);
        if (image) cloud.pools.image.put({ ...image, datastore: name });
      }
    },
  }),
  chmodMethod('datastore'),
  chownMethod('datastore'),
  deleteMethod('datastore', {
    obstacle: ({ cloud }, { id }) =>
      cloud.pools.image.ids('datastore', id).size > 0 ? `Datastore ${id} is not empty.` : undefined,
    alongWith: ({ cloud }, { id }) => removeFromVdcs(cloud, 'datastores', id),
  }),
  defineMethod({
    name: 'one.datastore.enable',
    params: { id: int, enable: boolean },
    help: 'Lets the scheduler use a system datastore, or keeps it from doing so.',
    run(call, { id, enable }) {
      const datastore = call.getAuthorized('datastore', id, 'MANAGE');
      if (datastore.type !== 'SYSTEM_DS') throw internal('Only SYSTEM_DS can be disabled or enabled');
      const state = enable ? 'READY' : 'DISABLED';
      call.cloud.transaction(() => call.cloud.pools.datastore.put({ ...datastore, state }));
      return id;
    },
  }),
];

function driversOf({ services: { configuration } }: Call): DatastoreDrivers {
  return {
    tm: (name) => configuration.driver('TM_MAD_CONF', name),
    ds: (name) => configuration.driver('DS_MAD_CONF', name),
  };
}

/** With other drivers, what was known of its room is no longer true. */
function withTemplate(call: Call, datastore: Datastore, template: Datastore['template']): Datastore {
  const updated = { ...datastore, ...decideForUpdate(datastore, template, driversOf(call)) };
  const sameDrivers = updated.dsMad === datastore.dsMad && updated.tmMad === datastore.tmMad;
  return sameDrivers ? updated : { ...updated, totalMb: 0, freeMb: 0, usedMb: 0 };
}
