/** Cells as pixels. Pure. */
import { type Area, type Cells, UNDERLINED } from './cells.ts';
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphOf } from './font.ts';

/** Pixels as indexes of a palette, row by row; a picture of text has few colours. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, in the order in which they come. */
  readonly palette: readonly number[];
  readonly pixels: Uint16Array;
}

export function pictureOf(cells: Cells, area: Area): Picture {
  const width = area.columns * GLYPH_WIDTH;
  const height = area.rows * GLYPH_HEIGHT;
  const pixels = new Uint16Array(width * height);
  const palette = new Map<number, number>();
  const indexOf = (colour: number) => {
    const index = palette.get(colour) ?? palette.size;
    palette.set(colour, index);
    return index;
  };
  for (let row = 0; row < area.rows; row++) {
    for (let column = 0; column < area.columns; column++) {
      const i = (area.row + row) * cells.columns + area.column + column;
      const at = row * GLYPH_HEIGHT * width + column * GLYPH_WIDTH;
      draw(pixels, { at, width }, cells.characters[i] as number, indexOf(cells.papers[i] as number), () =>
        indexOf(cells.inks[i] as number),
      );
    }
  }
  return { width, height, palette: [...palette.keys()], pixels };
}

const UNDERLINE_ROW = 14;

/** @param ink  asked for only when there is something to draw, so that blanks bring no second colour */
function draw(
  pixels: Uint16Array,
  { at, width }: { readonly at: number; readonly width: number },
  character: number,
  paper: number,
  ink: () => number,
): void {
  const glyph = glyphOf(character & ~UNDERLINED);
  for (let row = 0; row < GLYPH_HEIGHT; row++) {
    const bits = row === UNDERLINE_ROW && character & UNDERLINED ? 0xff : (glyph[row] as number);
    const start = at + row * width;
    if (bits === 0) {
      pixels.fill(paper, start, start + GLYPH_WIDTH);
      continue;
    }
    const colour = ink();
    for (let x = 0; x < GLYPH_WIDTH; x++) pixels[start + x] = bits & (0x80 >> x) ? colour : paper;
  }
}
