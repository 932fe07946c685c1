import { describe, expect, it } from 'vitest';
import { pageNames, renderPage } from '../../../docs/generate/pages.ts';
import { readSource } from '../../support/source-files.ts';

describe('docs/reference', () => {
  it.each(pageNames)('%s says what the source says (if not: npm run docs)', async (name) => {
    expect(readSource(`docs/reference/${name}`)).toBe(await renderPage(name));
  });
});
