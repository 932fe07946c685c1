/** `MARKET_DRIVER_ACTION_DATA`, which a market driver gets as its first argument (src/market_mad/one_market.rb, 7.4). */
import { isAbsolute } from 'node:path';
import { findText, parseXml } from '../../../opennebula/xml.ts';
import { decodeStdin } from '../../contract/action.ts';
import { fail } from '../errors.ts';

export interface MarketRequest {
  /** Text of an element, empty when it is missing. */
  readonly value: (path: string) => string;
  /** Absolute, on the front-end. */
  readonly publicDir: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
}

/** @param document in base64 @throws PUBLIC_DIR_INVALID, MARKET_ELSEWHERE */
export function readRequest(document: string): MarketRequest {
  const element = parseXml(decodeStdin(document));
  const value = (path: string) => findText(element, path)?.trim() ?? '';
  const ofMarket = (name: string) => value(`MARKETPLACE/TEMPLATE/${name}`);
  const publicDir = ofMarket('PUBLIC_DIR');
  if (!isAbsolute(publicDir)) throw fail('PUBLIC_DIR_INVALID', { path: publicDir });
  if (ofMarket('BRIDGE_LIST') !== '') throw fail('MARKET_ELSEWHERE', { hosts: ofMarket('BRIDGE_LIST') });
  return { value, publicDir, baseUrl: ofMarket('BASE_URL').replace(/\/+$/, '') };
}
