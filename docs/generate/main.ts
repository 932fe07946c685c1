/** `npm run docs`: writes every generated page. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageNames, renderPage } from './pages.ts';

for (const name of pageNames) {
  const path = join(import.meta.dirname, '../reference', name);
  await writeFile(path, await renderPage(name));
  process.stderr.write(`docs/reference/${name}\n`);
}
