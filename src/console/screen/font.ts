/** Pictures of characters: each 8 pixels wide and 16 high. */
import { SPLEEN_GLYPHS, SPLEEN_RANGES } from './spleen.ts';

export const GLYPH_WIDTH = 8;
export const GLYPH_HEIGHT = 16;

/** Sixteen rows, the leftmost pixel of each in its highest bit. */
export type Glyph = Uint8Array;

/** The picture of a character; an empty box for one that the font lacks. */
export function glyphOf(codePoint: number): Glyph {
  if (codePoint <= 0x20 || codePoint === 0xa0) return BLANK;
  return GLYPHS.get(codePoint) ?? BOX;
}

const BLANK: Glyph = new Uint8Array(GLYPH_HEIGHT);
const BOX: Glyph = Uint8Array.of(0, 0, 0x7e, ...Array.from({ length: 9 }, () => 0x42), 0x7e, 0, 0, 0);
const GLYPHS = readGlyphs();

function readGlyphs(): ReadonlyMap<number, Glyph> {
  const bytes = new Uint8Array(Buffer.from(SPLEEN_GLYPHS, 'base64'));
  const characters = SPLEEN_RANGES.flatMap(([first, count]) => Array.from({ length: count }, (_, i) => first + i));
  return new Map(
    characters.map((character, i) => [character, bytes.subarray(i * GLYPH_HEIGHT, (i + 1) * GLYPH_HEIGHT)]),
  );
}
