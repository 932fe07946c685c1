/** `one.image.allocate` (src/rm/api/ImageAPI.cc, src/image/ImagePool.cc, 7.4). */
import { failureText } from '../../drivers/contract/action.ts';
import { IMAGE_TYPE } from '../../opennebula/numbers.ts';
import { isKeyOf } from '../../opennebula/tables.ts';
import type { Template } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import { callDatastore } from '../images/datastore-action.ts';
import type { Datastore } from '../objects/datastore.ts';
import { decideForImage, type ImageDecisions, InvalidImage, placeObstacle } from '../objects/image-template.ts';
import { QuotaExceeded } from '../objects/quotas.ts';
import { restrictedIn } from '../objects/restricted.ts';
import { availableMb, checksCapacity } from '../resources/datastore-space.ts';
import { chargeQuotas } from '../resources/quota-use.ts';
import { internal, notAllocated, notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { takeApp } from './image-from-app.ts';
import { boolean, defineMethod, int, optional, string } from './method.ts';
import { namingObstacle, ownedByCaller } from './standard/allocate.ts';

/** How long a caller waits for a driver that looks at what is to be registered. */
const STAT_TIMEOUT_MS = 90_000;

export const allocateImageMethod = defineMethod({
  name: 'one.image.allocate',
  params: { template: string, datastore: int, skipCapacityCheck: optional(boolean, false) },
  help: 'Registers an image in a datastore; its driver then copies or makes it.',
  async run(call, { template: source, datastore: datastoreId, skipCapacityCheck }) {
    const template = call.parseTemplate(source).lastOfEach();
    const datastore = call.get('datastore', datastoreId);
    if (datastore.type === 'SYSTEM_DS' || datastore.type === 'BACKUP_DS') {
      throw notAllocated('New images can only be allocated in a files or image datastore.');
    }
    const size = takeApp(call, template, datastore) ?? (await sizeOf(call, template, datastore));
    const checks = checksCapacity(datastore, call.services.configuration.flag('DATASTORE_CAPACITY_CHECK'));
    if (checks && !(skipCapacityCheck && call.isAdmin) && Number(size) > availableMb(datastore)) {
      throw notPossible('Not enough space in datastore');
    }
    template.set('SIZE', size);
    const restricted = call.isAdmin
      ? undefined
      : restrictedIn(template, call.services.configuration.list('IMAGE_RESTRICTED_ATTR'));
    if (restricted !== undefined) throw notAuthorized(`Template includes a restricted attribute ${restricted}`);
    call.authorize(call.creation('image'), call.on('datastore', datastore, 'USE'));
    setPersistence(call, template, datastore);
    return registerImage(call, template, datastore);
  },
});

/**
 * Registers an image and charges quotas for it.
 * @param cloningId the image that is copied, or -1
 * @param onCreated runs within the transaction
 * @throws ApiError
 */
export function registerImage(
  call: Call,
  template: Template,
  datastore: Datastore,
  cloningId = -1,
  onCreated: (imageId: number) => void = () => {},
): number {
  const name = template.get('NAME') ?? '';
  const { cloud } = call;
  return cloud.transaction(() => {
    const size = Number(template.get('SIZE')) || 0;
    const use = { family: 'DATASTORE', id: String(datastore.id), amounts: { SIZE: size, IMAGES: 1 } } as const;
    try {
      chargeQuotas(cloud, call.owner, [use]);
    } catch (error) {
      throw error instanceof QuotaExceeded ? notAuthorized(error.message) : error;
    }
    const type = template.get('TYPE') || call.services.configuration.text('DEFAULT_IMAGE_TYPE');
    const obstacle = namingObstacle(call, 'image', name, call.uid) ?? placeObstacle(type, datastore.type);
    if (obstacle !== undefined) throw notAllocated(obstacle);
    const decisions = decide(call, template, datastore, cloningId);
    const image = cloud.pools.image.put({ id: cloud.pools.image.nextId(), name, ...ownedByCaller(call), ...decisions });
    onCreated(image.id);
    return image.id;
  });
}

function decide(call: Call, template: Template, datastore: Datastore, cloningId: number): ImageDecisions {
  const { configuration, clock } = call.services;
  const defaults = {
    type: configuration.text('DEFAULT_IMAGE_TYPE'),
    devPrefix: configuration.text('DEFAULT_DEVICE_PREFIX'),
    driver: configuration.driver('TM_MAD_CONF', datastore.tmMad)?.DRIVER || datastore.template.get('DRIVER') || '',
    now: clock.now(),
  };
  try {
    return decideForImage(template, datastore, defaults, cloningId);
  } catch (error) {
    throw error instanceof InvalidImage ? notAllocated(error.message) : error;
  }
}

/** MB, as text: given, or found out by the driver. @throws ApiError INTERNAL */
async function sizeOf(call: Call, template: Template, datastore: Datastore): Promise<string> {
  const refuse = (why: string) => internal(`Cannot parse image SIZE: ${why}`);
  const type = (template.get('TYPE') || call.services.configuration.text('DEFAULT_IMAGE_TYPE')).toUpperCase();
  const given = template.get('SIZE') ?? '';
  const path = template.get('PATH') ?? '';
  if (type === 'BACKUP') {
    if (given === '') throw refuse('');
    return given;
  }
  const isDisk = type === 'OS' || type === 'DATABLOCK';
  if (template.get('SOURCE') || (isDisk && path === '')) {
    if (!/^\s*[-+]?\d+$/.test(given)) throw refuse('Wrong number or missing SIZE attribute.');
    return given;
  }
  // Which types there are is asked later.
  if (path === '' && !isKeyOf(IMAGE_TYPE, type)) return given;
  if (path === '') {
    throw refuse(type === 'FILESYSTEM' ? 'Missing PATH attribute.' : `Either PATH or SOURCE are required for ${type}`);
  }
  const image = group('IMAGE', text('PATH', path), isDisk ? text('SIZE', given) : '');
  const signal = AbortSignal.timeout(STAT_TIMEOUT_MS);
  const answer = await callDatastore(call.services.drivers, call.cloud, {
    action: 'stat',
    datastore,
    id: call.requestId,
    image,
    signal,
  }).catch((error) => {
    throw refuse(failureText(error));
  });
  if (!/^\s*\d+/.test(answer)) throw refuse(answer);
  return answer.trim();
}

/** A default of the user's or his group's stands for what the template says. */
function setPersistence(call: Call, template: Template, datastore: Datastore): void {
  const preset = presetPersistence(call, 'DEFAULT_IMAGE_PERSISTENT_NEW');
  if (preset !== undefined) template.set('PERSISTENT', preset);
  const persistent = template.isYes('PERSISTENT');
  const entry = call.services.configuration.driver('DS_MAD_CONF', datastore.dsMad);
  if (!persistent && entry?.PERSISTENT_ONLY?.toUpperCase() === 'YES') {
    throw notAllocated('This Datastore only accepts persistent images.');
  }
}

/** YES or NO by the user, his group or the configuration; undefined when none of them says. */
export function presetPersistence(call: Call, name: string): 'YES' | 'NO' | undefined {
  const { user } = call.caller;
  const ofGroup = call.cloud.pools.group.get(call.gid)?.template;
  const value = user.template.get(name) || ofGroup?.get(name) || call.services.configuration.text(name);
  if (value === '') return undefined;
  return value.toUpperCase() === 'YES' ? 'YES' : 'NO';
}
