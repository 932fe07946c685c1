/** Calls of market drivers, with OpenNebula's arguments and document (src/market_mad/one_market.rb, 7.4). */
import type { DriverLog } from '../../drivers/contract/action.ts';
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import type { MarketAction } from '../../drivers/contract/families.ts';
import { find, group, parseXml, text } from '../../opennebula/xml.ts';
import { callDatastore } from '../images/datastore-action.ts';
import type { Datastore } from '../objects/datastore.ts';
import type { Image } from '../objects/image.ts';
import { type MarketApp, marketAppXml } from '../objects/market-app.ts';
import type { Marketplace } from '../objects/marketplace.ts';
import { datastoreDocument, documentOf, imageDocument } from '../resources/documents.ts';
import type { Cloud } from '../store/cloud.ts';

export interface MarketCall {
  readonly action: MarketAction;
  readonly market: Marketplace;
  /** Of the app, or of the marketplace for `monitor`. */
  readonly id: number;
  readonly app?: MarketApp;
  /** Further elements. */
  readonly extra?: string;
  readonly signal: AbortSignal;
  readonly log?: DriverLog;
}

/** @returns what the driver prints. @throws ActionFailure with the text for the user */
export function callMarket(drivers: DriverRunner, cloud: Cloud, call: MarketCall): Promise<string> {
  const { action, market, id, app, extra = '', signal, log } = call;
  const document = group(
    'MARKET_DRIVER_ACTION_DATA',
    app ? marketAppXml(app) : '',
    documentOf(cloud, 'marketplace', market),
    extra,
  );
  return drivers.run({
    family: 'market',
    driver: market.marketMad,
    action,
    argv: [Buffer.from(document).toString('base64'), String(id)],
    signal,
    ...(log && { log }),
  });
}

export interface Export {
  readonly app: MarketApp;
  readonly image: Image;
  readonly datastore: Datastore;
  readonly signal: AbortSignal;
  readonly log: DriverLog;
}

/**
 * Has the driver of a datastore make a file of an image.
 * @returns the elements that a marketplace is told of it. @throws ActionFailure
 */
export async function exportImage(drivers: DriverRunner, cloud: Cloud, what: Export): Promise<string> {
  const { app, image, datastore, signal, log } = what;
  const document = imageDocument(image, cloud);
  const call = { action: 'export', datastore, id: app.id, image: document, signal, log } as const;
  const told = readExport(await callDatastore(drivers, cloud, call));
  return [document, datastoreDocument(datastore, cloud), ...told].join('');
}

const TOLD = ['IMPORT_SOURCE', 'MD5', 'SIZE', 'FORMAT', 'DISPOSE', 'DISPOSE_CMD'];

/** A driver that prints no document tells nothing. */
function readExport(line: string): string[] {
  const root = line.trimStart().startsWith('<') ? parseXml(line) : undefined;
  return TOLD.map((name) => text(name, (root && find(root, name)?.text) ?? ''));
}
