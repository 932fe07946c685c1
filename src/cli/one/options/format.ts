/** In which form documents are shown. */
import { flag } from '../option.ts';

export const XML = flag({ name: 'xml', short: '-x', long: '--xml', help: 'Show the resource in XML format' });
export const JSON_FORMAT = flag({
  name: 'json',
  short: '-j',
  long: '--json',
  help: 'Show the resource in JSON format',
});
export const YAML = flag({ name: 'yaml', short: '-y', long: '--yaml', help: 'Show the resource in YAML format' });

export const FORMATS = [XML, JSON_FORMAT, YAML] as const;

export const DECRYPT = flag({ name: 'decrypt', long: '--decrypt', help: 'Show secret attributes in clear' });
