import { describe, expect, it } from 'vitest';
import { pageNames, renderPage } from '../../../docs/generate/pages.ts';
import { readSource } from '../../support/source-files.ts';

describe('docs/reference', () => {
  it.each(pageNames)('%s says what the source says', async (name) => {
    const same = readSource(`docs/reference/${name}`) === (await renderPage(name));
    expect(same, `docs/reference/${name} is stale; npm run docs writes it anew.`).toBe(true);
  });
});
