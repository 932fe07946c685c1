/** Reads the text back that a console shows, from its pixels: each cell is compared with the glyphs of the font. */
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphOf } from '../../src/console/screen/font.ts';

const CHARACTERS = new Map(
  Array.from({ length: 0x7f - 0x21 }, (_, i) => 0x21 + i).map((code) => [
    glyphOf(code).toString(),
    String.fromCodePoint(code),
  ]),
);

/** @param colourAt  any number that tells the colours apart @returns lines without the blanks at their ends */
export function screenText(width: number, height: number, colourAt: (x: number, y: number) => number): string {
  const lines = Array.from({ length: Math.floor(height / GLYPH_HEIGHT) }, (_, row) =>
    Array.from({ length: Math.floor(width / GLYPH_WIDTH) }, (_, column) =>
      characterAt((x, y) => colourAt(column * GLYPH_WIDTH + x, row * GLYPH_HEIGHT + y)),
    ).join(''),
  );
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

/** The colour of the first row, which no letter reaches, is what is behind. */
function characterAt(colourAt: (x: number, y: number) => number): string {
  const paper = colourAt(0, 0);
  const rows = Array.from({ length: GLYPH_HEIGHT }, (_, y) => {
    let bits = 0;
    for (let x = 0; x < GLYPH_WIDTH; x++) if (colourAt(x, y) !== paper) bits |= 0x80 >> x;
    return bits;
  });
  if (rows.every((bits) => bits === 0)) return ' ';
  return CHARACTERS.get(rows.toString()) ?? '\ufffd';
}
