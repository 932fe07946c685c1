/** What a marketplace is told of an image that it is to take: `IMPORT_INFO` (src/market_mad/one_market.rb, 7.4). */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { cdata, group } from '../../opennebula/xml.ts';
import { fail } from './errors.ts';
import type { ImageRequest } from './request.ts';

export interface ExportOptions {
  /** Whether the file was made for the marketplace alone, which removes it then. */
  readonly dispose: boolean;
  readonly signal: AbortSignal;
}

/** @param file  on the front-end @throws PATH_MISSING */
export async function describeExport(
  file: string,
  { sizeMb, format }: ImageRequest,
  { dispose, signal }: ExportOptions,
): Promise<string> {
  return group(
    'IMPORT_INFO',
    cdata('IMPORT_SOURCE', file),
    cdata('MD5', await md5Of(file, signal)),
    cdata('SIZE', String(sizeMb)),
    cdata('FORMAT', format || 'raw'),
    cdata('DISPOSE', dispose ? 'YES' : 'NO'),
    ...(dispose ? [cdata('DISPOSE_CMD', `rm -f ${file}`)] : []),
  );
}

async function md5Of(file: string, signal: AbortSignal): Promise<string> {
  const sum = createHash('md5');
  await pipeline(createReadStream(file), sum, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw fail('PATH_MISSING', { path: file }, cause);
  });
  return sum.digest('hex');
}
