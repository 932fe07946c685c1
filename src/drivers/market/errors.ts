/** What can go wrong in marketplaces. */
import { catalogue } from '../../errors/onedock-error.ts';

export const fail = catalogue({
  PUBLIC_DIR_INVALID: {
    what: (at: { path: string }) => `PUBLIC_DIR of the marketplace is ${at.path || 'missing'}.`,
    why: 'It must be the absolute path of a folder.',
    todo: 'Set it with `onemarket update`, as PUBLIC_DIR="/var/www/market".',
  },
  PUBLIC_DIR_MISSING: {
    what: (at: { path: string }) => `The marketplace’s folder ${at.path} cannot be used.`,
    why: 'It is not on the front-end, or its user may not write there.',
    todo: 'Make the folder that your web server shows, and give it to the user of the front-end.',
  },
  MARKET_ELSEWHERE: {
    what: (at: { hosts: string }) => `The marketplace is on other machines: ${at.hosts}.`,
    why: 'This driver keeps apps in a folder of the front-end; it does not use BRIDGE_LIST.',
    todo: 'Take BRIDGE_LIST out by `onemarket update`, and mount the folder on the front-end.',
  },
  NOTHING_EXPORTED: {
    what: 'The image has no file that could be brought into a marketplace.',
    why: 'The driver of its datastore told of none.',
    todo: 'Offer an image of another datastore, as one with DS_MAD=fs.',
  },
  APP_NOT_HERE: {
    what: (at: { source: string; baseUrl: string }) => `${at.source} is no file of this marketplace.`,
    why: (at: { source: string; baseUrl: string }) => `Its apps lie directly below ${at.baseUrl}/.`,
    todo: 'Set BASE_URL of the marketplace back to what it was when the app was made, by `onemarket update`, or delete the app.',
  },
});
