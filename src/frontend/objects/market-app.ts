/** Apps of marketplaces: what they offer (src/market/MarketPlaceApp.cc, 7.4). */
import { APP_STATE, APP_TYPE, type AppState, type AppType } from '../../opennebula/numbers.ts';
import { permissionsXml } from '../../opennebula/permissions.ts';
import { isKeyOf } from '../../opennebula/tables.ts';
import { type Template, templateXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import { Refusal } from './refusal.ts';
import { headXml, lockXml } from './xml-parts.ts';

export interface MarketApp extends OwnedRecord, LockableRecord, TemplateRecord {
  /** Epoch seconds. */
  readonly registeredAt: number;
  /** Of the image that it is made of, or -1. */
  readonly originId: number;
  /** Where its driver has put it; empty until then. */
  readonly source: string;
  readonly md5: string;
  readonly sizeMb: number;
  readonly format: string;
  readonly description: string;
  readonly version: string;
  /** A template in base64. */
  readonly appTemplate64: string;
  readonly marketId: number;
  readonly market: string;
  readonly state: AppState;
  readonly type: AppType;
  readonly zoneId: number;
  /** Its driver is to take it out of the marketplace, which does not list it any more. */
  readonly removing?: true;
}

export function marketAppXml(app: MarketApp): string {
  return group(
    'MARKETPLACEAPP',
    headXml(app),
    lockXml(app),
    text('REGTIME', app.registeredAt),
    cdata('ZONE_ID', app.zoneId),
    cdata('ORIGIN_ID', app.originId),
    cdata('SOURCE', app.source),
    cdata('MD5', app.md5),
    text('SIZE', app.sizeMb),
    cdata('DESCRIPTION', app.description),
    cdata('VERSION', app.version),
    cdata('FORMAT', app.format),
    cdata('APPTEMPLATE64', app.appTemplate64),
    text('MARKETPLACE_ID', app.marketId),
    text('MARKETPLACE', app.market),
    text('STATE', APP_STATE[app.state]),
    text('TYPE', APP_TYPE[app.type]),
    permissionsXml(app.permissions),
    group('TEMPLATE', templateXml(app.template)),
  );
}

/** The template does not describe an app. The message is oned's. */
export class InvalidApp extends Refusal {
  override name = 'InvalidApp';
}

/** What the driver or the front-end finds out, so that no template can say it. */
const FOUND_OUT = ['SOURCE', 'SIZE', 'MD5', 'FORMAT', 'REGTIME', 'ORIGIN_ID'];

export type AppDecisions = Omit<MarketApp, keyof OwnedRecord | 'marketId' | 'market' | 'zoneId' | 'lock'>;

/** What a template makes of a new app. @param now epoch seconds @throws InvalidApp */
export function decideForApp(given: Template, now: number): AppDecisions {
  const originId = Number.parseInt(given.get('ORIGIN_ID') ?? '', 10);
  if (Number.isNaN(originId)) throw new InvalidApp('Missing ORIGIN_ID for the MARKETPLACEAPP');
  const type = typeOf(given);
  const template = without(given, 'NAME', 'ZONE_ID', ...FOUND_OUT);
  return {
    registeredAt: now,
    originId,
    ...EMPTY,
    ...told(template),
    version: template.get('VERSION') || '0.0',
    state: type === 'VMTEMPLATE' || type === 'SERVICE_TEMPLATE' ? 'READY' : 'LOCKED',
    type,
    template,
  };
}

const EMPTY = { source: '', md5: '', sizeMb: 0, format: '' };

/** The app with another template. */
export function withAppTemplate(app: MarketApp, given: Template): MarketApp {
  const template = without(given, ...FOUND_OUT);
  return { ...app, ...told(given), template };
}

/** An app as a marketplace tells of it, ready to be used. */
export function toldApp(given: Template): AppDecisions & { readonly name: string } {
  return {
    name: given.get('NAME') ?? '',
    registeredAt: Number(given.get('REGTIME')) || 0,
    originId: -1,
    source: given.get('SOURCE') ?? '',
    md5: given.get('MD5') ?? '',
    sizeMb: Number(given.get('SIZE')) || 0,
    format: given.get('FORMAT') ?? '',
    ...told(given),
    state: 'READY',
    type: typeOf(given),
    template: without(given, 'NAME', 'TYPE', ...FOUND_OUT),
  };
}

/** Attributes that stand in the document as well as in the template. */
function told(template: Template): Pick<MarketApp, 'description' | 'appTemplate64' | 'version'> {
  return {
    description: template.get('DESCRIPTION') ?? '',
    appTemplate64: template.get('APPTEMPLATE64') ?? '',
    version: template.get('VERSION') ?? '',
  };
}

function typeOf(template: Template): AppType {
  const word = template.get('TYPE')?.toUpperCase() || 'IMAGE';
  return isKeyOf(APP_TYPE, word) ? word : 'UNKNOWN';
}

function without(given: Template, ...names: readonly string[]): Template {
  const template = given.clone();
  for (const name of names) template.delete(name);
  return template;
}

/** While its driver works on it, and after that failed, an app stays as it is. */
export function enableApp(app: MarketApp, enable: boolean): MarketApp {
  if (app.state !== 'READY' && app.state !== 'DISABLED') return app;
  return { ...app, state: enable ? 'READY' : 'DISABLED' };
}

/** @param stamp time as `logTime` prints it */
export function failApp(app: MarketApp, message: string, stamp: string): MarketApp {
  return { ...app, state: 'ERROR', template: app.template.clone().set('ERROR', `${stamp} : ${message}`) };
}
