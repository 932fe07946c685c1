/** Has drivers do what images wait for, and takes their answers over (src/image/ImageManager*.cc, 7.4). */
import pLimit from 'p-limit';
import { failureText } from '../../drivers/contract/action.ts';
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import { messageOf } from '../../errors/thrown.ts';
import type { Image } from '../objects/image.ts';
import { endSnapshotWork } from '../objects/image-snapshots.ts';
import { failImage, unlockImage } from '../objects/image-state.ts';
import type { Clock } from '../platform/clock.ts';
import { type Log, logTime } from '../platform/log.ts';
import { documentOf, imageDocument } from '../resources/documents.ts';
import { putChangedImage } from '../resources/image-quota.ts';
import type { Cloud } from '../store/cloud.ts';
import { callDatastore, type DatastoreCall } from './datastore-action.ts';
import { releaseOriginal, removeImage } from './image-removal.ts';
import { errorText, type ImageWork, readAnswer, readyAfter, workOf } from './image-work.ts';

export interface ImageManagerOptions {
  readonly cloud: Cloud;
  readonly drivers: DriverRunner;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with a datastore whose room has changed. */
  readonly spaceChanged: (datastoreId: number) => void;
}

/** As many drivers at a time as OpenNebula's own driver manager runs (`-t 15`). */
const CONCURRENT_ACTIONS = 15;

/** Begins what is to be done, and follows the images until it is disposed. */
export function startImageManager(options: ImageManagerOptions): Disposable {
  const { cloud, log } = options;
  const running = new Map<number, ImageWork>();
  const stop = new AbortController();
  const limit = pLimit(CONCURRENT_ACTIONS);

  const begin = (image: Image) => {
    const work = workOf(image);
    if (work === undefined || running.get(image.id) === work || stop.signal.aborted) return;
    running.set(image.id, work);
    limit(() => perform(options, image.id, work, stop.signal))
      .catch((error) => log('ImM', 'error', `Image ${image.id}: ${failureText(error)}`))
      .finally(() => {
        if (running.get(image.id) === work) running.delete(image.id);
        const now = cloud.pools.image.get(image.id);
        // The state may have moved on to other work meanwhile.
        if (now && workOf(now) !== work) begin(now);
      });
  };

  const subscription = cloud.subscribe((changes) => {
    for (const change of changes) if (change.kind === 'image' && change.after) begin(change.after);
  });
  for (const image of cloud.pools.image.all()) begin(image);
  return {
    [Symbol.dispose]() {
      stop.abort();
      subscription[Symbol.dispose]();
    },
  };
}

async function perform(options: ImageManagerOptions, id: number, work: ImageWork, signal: AbortSignal): Promise<void> {
  const { cloud, drivers, log } = options;
  const image = cloud.pools.image.get(id);
  const datastore = image && cloud.pools.datastore.get(image.datastoreId);
  if (!image || !datastore || workOf(image) !== work) return;
  log('ImM', 'info', describe(work, image));
  try {
    const call = {
      action: work,
      datastore,
      id,
      image: imageDocument(image, cloud),
      extra: marketOf(cloud, image),
      signal,
      log: (level, text) => log('ImM', level, `Image ${id}: ${text}`),
    } satisfies DatastoreCall;
    const line = await callDatastore(drivers, cloud, call);
    if (!signal.aborted) succeed(options, id, work, line);
  } catch (error) {
    if (!signal.aborted) fail(options, id, work, failureText(error));
  }
}

/** Drivers that fetch an app are told of its marketplace. */
function marketOf(cloud: Cloud, { template }: Image): string {
  const app = cloud.pools.marketapp.get(Number(template.get('FROM_APP') ?? -1));
  const market = app && cloud.pools.marketplace.get(app.marketId);
  return market ? documentOf(cloud, 'marketplace', market) : '';
}

function describe(work: ImageWork, image: Image): string {
  const TEXT: Record<ImageWork, string> = {
    cp: `Copying ${image.path} to repository for image ${image.id}`,
    mkfs: `Creating disk at ${image.datastore}, size ${image.sizeMb}MB (format: ${image.format})`,
    clone: `Cloning image ${image.path} to repository as image ${image.id}`,
    rm: `Removing image ${image.id} from datastore`,
    snap_delete: `Removing snapshot ${image.targetSnapshot} of image ${image.id}`,
    snap_revert: `Taking image ${image.id} back to snapshot ${image.targetSnapshot}`,
    snap_flatten: `Merging the snapshots of image ${image.id}`,
  };
  return TEXT[work];
}

function succeed(options: ImageManagerOptions, id: number, work: ImageWork, line: string): void {
  const { cloud, log, spaceChanged } = options;
  const image = cloud.pools.image.get(id);
  if (!image || workOf(image) !== work) {
    log('ImM', 'error', `${work.toUpperCase()} operation succeeded but image ${id} no longer waits for it: ${line}`);
    return;
  }
  if (work === 'rm') removeImage(cloud, image);
  else if (image.snapshotWork) cloud.transaction(() => putChangedImage(cloud, endSnapshotWork(image, true)));
  else {
    let answer: ReturnType<typeof readAnswer>;
    try {
      answer = readAnswer(work, image, line);
    } catch (error) {
      fail(options, id, work, '', messageOf(error));
      return;
    }
    const filled = { ...image, ...answer, modifiedAt: options.clock.now() };
    const users = cloud.links.of('image.vms', id).size;
    cloud.transaction(() => {
      cloud.pools.image.put({ ...(readyAfter(image) ? unlockImage(filled, users) : filled), cloningId: -1 });
      releaseOriginal(cloud, image);
    });
  }
  log('ImM', 'info', `Image (${id}): ${work.toUpperCase()} successful`);
  spaceChanged(image.datastoreId);
}

/** @param text what the user reads, if it is not made of the driver's words */
function fail(
  { cloud, clock, log, spaceChanged }: ImageManagerOptions,
  id: number,
  work: ImageWork,
  detail: string,
  text?: string,
): void {
  const image = cloud.pools.image.get(id);
  if (!image || workOf(image) !== work) return;
  const message = text ?? errorText(work, image, detail);
  log('ImM', 'error', detail === '' || work !== 'rm' ? message : `${message}: ${detail}`);
  if (image.snapshotWork) {
    const told = failImage(image, message, logTime(clock.now()));
    cloud.transaction(() => cloud.pools.image.put(endSnapshotWork(told, false)));
  } else if (work === 'rm' && image.template.isYes('FORCE_DELETE')) removeImage(cloud, image);
  else {
    cloud.transaction(() => {
      cloud.pools.image.put(failImage(image, message, logTime(clock.now())));
      releaseOriginal(cloud, image);
    });
  }
  spaceChanged(image.datastoreId);
}
