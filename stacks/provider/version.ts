import { readFile } from 'node:fs/promises';

/** Version of the provider, which is that of the package. */
export async function providerVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
