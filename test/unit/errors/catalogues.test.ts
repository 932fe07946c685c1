import { describe, expect, it } from 'vitest';
import { findCatalogues } from '../../../docs/generate/errors.ts';
import { readSource, SOURCE_FOLDERS, typescriptFiles } from '../../support/source-files.ts';

const catalogues = await findCatalogues();
const rooms = catalogues.flatMap(({ room, entries }) => Object.keys(entries).map((code) => [code, room] as const));

describe('the catalogues of errors', () => {
  it('give each code one meaning', () => {
    const roomsOf = Map.groupBy(rooms, ([code]) => code);
    const shared = [...roomsOf.values()].filter((owners) => owners.length > 1);
    expect(shared).toEqual([]);
  });

  it('lie in files named errors.ts or …-errors.ts, where the reference page finds them', () => {
    const elsewhere = typescriptFiles(...SOURCE_FOLDERS)
      .filter((file) => !/[/-]errors\.ts$/.test(file) && file !== 'src/errors/onedock-error.ts')
      .filter((file) => /\bcatalogue\(\{/.test(readSource(file).replaceAll(/^\s*\*.*$/gm, '')));
    expect(elsewhere).toEqual([]);
  });

  it.each(rooms)('%s (%s) is an upper-case code', (code) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
  });
});
