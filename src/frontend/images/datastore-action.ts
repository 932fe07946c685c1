/** Calls of datastore drivers, with OpenNebula's arguments and document (src/image/ImageManager*.cc, 7.4). */
import type { DriverLog } from '../../drivers/contract/action.ts';
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import { group } from '../../opennebula/xml.ts';
import type { Datastore } from '../objects/datastore.ts';
import { datastoreDocument } from '../resources/documents.ts';
import type { Cloud } from '../store/cloud.ts';
import type { ImageWork } from './image-work.ts';

export interface DatastoreCall {
  readonly action: ImageWork | 'stat' | 'monitor' | 'export';
  readonly datastore: Datastore;
  /** Of the image, of the datastore for `monitor`, of the app for `export`; for `stat` a number that means nothing. */
  readonly id: number;
  /** IMAGE element; none for `monitor`. */
  readonly image?: string;
  /** Further elements. */
  readonly extra?: string;
  readonly signal: AbortSignal;
  /** What the driver tells of its work. */
  readonly log?: DriverLog;
}

/**
 * What a datastore has encrypted its driver gets in the clear, but for an `export` (MarketPlaceManager::import_app); what an
 * image has it gets as it is kept (ImageManager::register_image and the like).
 * @returns the line that the driver prints. @throws ActionFailure with the text for the user
 */
export function callDatastore(drivers: DriverRunner, cloud: Cloud, call: DatastoreCall): Promise<string> {
  const { action, datastore, id, image = '', extra = '', signal, log } = call;
  const system = datastore.type === 'SYSTEM_DS';
  const told = action === 'export' ? datastore : cloud.secrets.open('datastore', datastore);
  return drivers.run({
    family: system ? 'tm' : 'datastore',
    driver: system ? datastore.tmMad : datastore.dsMad,
    action,
    argv: [String(id)],
    stdin: encode(group('DS_DRIVER_ACTION_DATA', image, datastoreDocument(told, cloud), extra)),
    signal,
    ...(log && { log }),
  });
}

/** Scripts on the front-end read base64 on one line. */
function encode(document: string): string {
  return Buffer.from(document).toString('base64');
}
