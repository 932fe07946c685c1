import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteResult } from '../run.ts';
import { junitXml } from './junit.ts';
import { reportText } from './text.ts';

/** @returns the files */
export async function writeReports(folder: string, result: SuiteResult): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const contents = {
    'onedock-test.xml': junitXml(result),
    'onedock-test.json': `${JSON.stringify(result, undefined, 2)}\n`,
    'onedock-test.txt': reportText(result),
  };
  return Promise.all(
    Object.entries(contents).map(async ([name, content]) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    }),
  );
}
