/** The dummy marketplace: says that it has taken whatever it is given, and keeps nothing. OpenNebula has none. */
import { createHash } from 'node:crypto';
import { find, findText, parseXml } from '../../../opennebula/xml.ts';
import { decodeStdin, defineAction } from '../../contract/action.ts';
import type { MarketDriver } from '../../contract/families.ts';

export const dummy = {
  import: defineAction({
    args: ['document', 'appId'],
    run: async ({ document, appId }) => {
      const root = parseXml(decodeStdin(document));
      const image = find(root, 'IMAGE');
      const told = (name: string) => findText(root, name) || (image && findText(image, name));
      const source = `dummy://app-${appId}`;
      const md5 = told('MD5') || createHash('md5').update(source).digest('hex');
      return [
        `SOURCE="${source}"`,
        `MD5="${md5}"`,
        `SIZE="${told('SIZE') || 1}"`,
        `FORMAT="${told('FORMAT') || 'raw'}"`,
      ].join('\n');
    },
  }),
  delete: defineAction({ args: ['document', 'appId'], run: async () => '' }),
  monitor: defineAction({
    args: ['document', 'marketId'],
    run: async () => 'USED_MB=9720\nTOTAL_MB=20480\nFREE_MB=20480',
  }),
} satisfies MarketDriver;
