import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineAction } from '../../contract/action.ts';
import { fail } from '../errors.ts';
import { readRequest } from './request.ts';

/** DELETE: removes the file of an app. Succeeds when it is gone already. */
export const deleteApp = defineAction({
  args: ['document', 'appId'],
  async run({ document }) {
    const { value, publicDir, baseUrl } = readRequest(document);
    const source = value('MARKETPLACEAPP/SOURCE');
    if (source === '') return;
    const name = source.startsWith(`${baseUrl}/`) ? source.slice(baseUrl.length + 1) : '';
    if (!/^[\w-][\w.-]*$/.test(name)) throw fail('APP_NOT_HERE', { source, baseUrl });
    await rm(join(publicDir, name), { force: true });
  },
});
