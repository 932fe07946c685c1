import { createHash } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { wordList } from '../../../opennebula/lists.ts';
import { runProcess } from '../../../transport/run-process.ts';
import { defineAction } from '../../contract/action.ts';
import { copyImageFile } from '../../datastore/image-file.ts';
import { fail } from '../errors.ts';
import { type MarketRequest, readRequest } from './request.ts';

const DISPOSAL_SECONDS = 60;

/** IMPORT: copies the file that the datastore has exported into the folder, and prints where the world finds it. */
export const importApp = defineAction({
  args: ['document', 'appId'],
  async run({ document, appId }, { signal }) {
    const request = readRequest(document);
    const { value, publicDir, baseUrl } = request;
    const source = value('IMPORT_SOURCE');
    if (source === '') throw fail('NOTHING_EXPORTED', {});
    await access(publicDir, constants.W_OK).catch((cause: unknown) => {
      throw fail('PUBLIC_DIR_MISSING', { path: publicDir }, cause);
    });
    const name = appName(request, appId);
    await copyImageFile(source, join(publicDir, name), signal);
    await dispose(request, signal);
    return [
      `SOURCE="${baseUrl}/${name}"`,
      `MD5="${value('MD5')}"`,
      `SIZE="${value('SIZE')}"`,
      `FORMAT="${value('FORMAT')}"`,
    ].join('\n');
  },
});

/** The same for the same app, so that an import that is begun again after a crash leaves one file. */
function appName({ value }: MarketRequest, appId: string): string {
  const told = ['MARKETPLACEAPP/NAME', 'MARKETPLACEAPP/REGTIME', 'MARKETPLACE/NAME'].map(value);
  return createHash('md5')
    .update([appId, ...told].join('\n'))
    .digest('hex');
}

/** What the datastore has made for the marketplace alone goes, by the datastore's own command of plain words. */
async function dispose({ value }: MarketRequest, signal: AbortSignal): Promise<void> {
  const command = wordList(value('DISPOSE_CMD'));
  if (value('DISPOSE') !== 'YES' || command.length === 0) return;
  await runProcess({ name: 'the front-end', command }, { signal, timeoutSeconds: DISPOSAL_SECONDS });
}
