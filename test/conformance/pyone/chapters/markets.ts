/** Marketplaces, their apps, and images that are made of these. */
import { type Chapter, fails, missing, until, works } from '../step.ts';
import { locked, namedBadly, owned, renamed, shown, updated } from './standard.ts';

const market = { kind: 'market', title: 'marketplace', type: 'MARKETPLACE', id: '{market}' };
const app = { kind: 'marketapp', title: 'marketplaceapp', type: 'MARKETPLACEAPP', id: '{app}' };

const NEW_MARKET = 'Error allocating a new marketplace.';
const NEW_APP = 'Error allocating a new marketplaceapp.';

export const markets: Chapter = {
  title: 'marketplaces and their apps',
  steps: [
    works('market.allocate', ['NAME = "shop"\nMARKET_MAD = "dummy"'], { as: 'market' }),
    fails(
      'market.allocate',
      ['NAME = "shop"\nMARKET_MAD = "dummy"'],
      'OneException',
      `${NEW_MARKET} NAME is already taken by MARKETPLACE {market}`,
    ),
    fails(
      'market.allocate',
      ['NAME = "other"'],
      'OneException',
      `${NEW_MARKET} No marketplace driver (MARKET_MAD) in template.`,
    ),
    fails(
      'market.allocate',
      ['NAME = "other"\nMARKET_MAD = "foo"'],
      'OneException',
      `${NEW_MARKET} MARKET_MAD_CONF named "foo" is not defined in oned.conf`,
    ),
    fails(
      'market.allocate',
      ['NAME = "other"\nMARKET_MAD = "http"\nBASE_URL = "http://192.0.2.1/"'],
      'OneException',
      `${NEW_MARKET} MarketPlace template is missing the "PUBLIC_DIR" attribute or it's empty.`,
    ),
    ...shown(market, { NAME: 'shop', STATE: 0, MARKET_MAD: 'dummy', ZONE_ID: '0', TEMPLATE: { MARKET_MAD: 'dummy' } }),
    ...updated(market),
    fails(
      'market.update',
      ['{market}', 'MARKET_MAD = "foo"', 1],
      'OneInternalException',
      'Cannot update template. MARKET_MAD_CONF named "foo" is not defined in oned.conf',
    ),
    ...renamed(market, 'shop'),
    namedBadly(market),
    ...owned(market),
    works('marketpool.info', [], {
      gives: { MARKETPLACE: [{ NAME: 'shop' }, { NAME: 'Linux Containers' }, { NAME: 'OpenNebula Public' }] },
    }),

    works('datastore.allocate', ['NAME = "stock"\nDS_MAD = "dummy"\nTM_MAD = "dummy"', -1], { as: 'stock' }),
    works('image.allocate', ['NAME = "wares"\nTYPE = "DATABLOCK"\nSIZE = "64"', '{stock}', true], { as: 'wares' }),
    until('image.info', ['{wares}'], { STATE: 1 }),
    works('marketapp.allocate', ['NAME = "offer"\nDESCRIPTION = "cheap"\nORIGIN_ID = "{wares}"', '{market}'], {
      as: 'app',
    }),
    until('marketapp.info', ['{app}'], { STATE: 1, SOURCE: 'dummy://app-{app}', SIZE: 64 }),
    until('image.info', ['{wares}'], { STATE: 1, CLONING_OPS: 0 }),
    fails(
      'marketapp.allocate',
      ['NAME = "offer"\nORIGIN_ID = "{wares}"', '{market}'],
      'OneException',
      `${NEW_APP} NAME is already taken by MARKETPLACEAPP {app}`,
    ),
    fails(
      'marketapp.allocate',
      ['NAME = "bare"', '{market}'],
      'OneException',
      `${NEW_APP} Missing ORIGIN_ID for the MARKETPLACEAPP`,
    ),
    fails(
      'marketapp.allocate',
      ['NAME = "public"\nORIGIN_ID = "{wares}"', 0],
      'OneActionException',
      'Create disabled for market: OpenNebula Public',
    ),
    fails(
      'marketapp.allocate',
      ['NAME = "lost"\nORIGIN_ID = "{wares}"', 9999],
      'OneInternalException',
      'Cannot find associated MARKETPLACE ID = 9999',
    ),
    ...shown(app, { NAME: 'offer', TYPE: 1, VERSION: '0.0', DESCRIPTION: 'cheap', MARKETPLACE: 'shop', FORMAT: 'raw' }),
    works('market.info', ['{market}'], { gives: { MARKETPLACEAPPS: { ID: ['{app}'] } } }),
    ...updated(app),
    ...renamed(app, 'offer'),
    namedBadly(app),
    ...owned(app),
    ...locked(app),
    works('marketapp.enable', ['{app}', false]),
    works('marketapp.info', ['{app}'], { gives: { STATE: 4 } }),
    works('marketapp.enable', ['{app}', true]),
    works('marketapp.info', ['{app}'], { gives: { STATE: 1 } }),
    missing('marketapp.enable', 'marketplaceapp', true),
    works('marketapppool.info', [-2, -1, -1], { gives: { MARKETPLACEAPP: [{ NAME: 'offer' }] } }),
    fails('marketapppool.info', [-5, -1, -1], 'OneApiException', 'Incorrect filter_flag'),

    works('image.allocate', ['NAME = "bought"\nFROM_APP = "{app}"', '{stock}', true], { as: 'bought' }),
    until('image.info', ['{bought}'], { STATE: 1, PATH: 'dummy://app-{app}', SIZE: 64 }),
    works('image.info', ['{bought}'], { gives: { TEMPLATE: { FROM_APP_NAME: 'offer' } } }),
    fails(
      'image.allocate',
      ['NAME = "gone"\nFROM_APP = "9999"', '{stock}'],
      'OneInternalException',
      'Cannot determine image SIZE.',
    ),

    fails(
      'market.delete',
      ['{market}'],
      'OneActionException',
      'Cannot delete marketplace. marketplace  {market} is not empty.',
    ),
    works('marketapp.delete', ['{app}']),
    missing('marketapp.delete', 'marketplaceapp'),
    works('market.enable', ['{market}', false]),
    works('market.info', ['{market}'], { gives: { STATE: 1, MARKETPLACEAPPS: { ID: [] } } }),
    works('market.enable', ['{market}', true]),
    until('market.info', ['{market}'], { STATE: 0, FREE_MB: 20_480 }),
    missing('market.enable', 'marketplace', true),
    works('market.delete', ['{market}']),
    missing('market.delete', 'marketplace'),
    works('image.delete', ['{bought}']),
    works('image.delete', ['{wares}']),
  ],
};
