/** What a terminal shows at one moment, as values that can be compared: a grid of cells. Pure. */

export interface Cells {
  readonly columns: number;
  readonly rows: number;
  /** Row by row: a code point, and `UNDERLINED` with it. */
  readonly characters: Uint32Array;
  /** Colours of the character and of what is behind it, as 0xRRGGBB. */
  readonly inks: Uint32Array;
  readonly papers: Uint32Array;
}

/** A rectangle of cells. */
export interface Area {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

export const UNDERLINED = 1 << 30;

export function emptyCells(columns: number, rows: number): Cells {
  const length = columns * rows;
  return {
    columns,
    rows,
    characters: new Uint32Array(length),
    inks: new Uint32Array(length),
    papers: new Uint32Array(length),
  };
}

/** Where two grids of one size differ: for neighbouring rows that do, the columns from the first to the last that does. */
export function changedAreas(before: Cells, after: Cells): Area[] {
  const areas: Area[] = [];
  let open: { first: number; last: number; row: number } | undefined;
  const close = (row: number) => {
    if (open)
      areas.push({ column: open.first, row: open.row, columns: open.last - open.first + 1, rows: row - open.row });
    open = undefined;
  };
  for (let row = 0; row < after.rows; row++) {
    const span = changedSpan(before, after, row);
    if (span === undefined) close(row);
    else if (open === undefined) open = { ...span, row };
    else open = { first: Math.min(open.first, span.first), last: Math.max(open.last, span.last), row: open.row };
  }
  close(after.rows);
  return areas;
}

function changedSpan(before: Cells, after: Cells, row: number): { first: number; last: number } | undefined {
  let first = -1;
  let last = -1;
  const start = row * after.columns;
  for (let column = 0; column < after.columns; column++) {
    if (isSame(before, after, start + column)) continue;
    if (first === -1) first = column;
    last = column;
  }
  return first === -1 ? undefined : { first, last };
}

function isSame(a: Cells, b: Cells, i: number): boolean {
  return a.characters[i] === b.characters[i] && a.inks[i] === b.inks[i] && a.papers[i] === b.papers[i];
}
