/** The cells that a terminal shows, with its cursor. */
import type { IBufferCell, Terminal } from '@xterm/headless';
import { type Cells, emptyCells, UNDERLINED } from './cells.ts';
import { DEFAULT_INK, DEFAULT_PAPER, mixed, paletteColour } from './colours.ts';

/** @param showsCursor  whether programs have left the cursor on */
export function readCells(terminal: Terminal, showsCursor: boolean): Cells {
  const { cols, rows } = terminal;
  const buffer = terminal.buffer.active;
  const cells = emptyCells(cols, rows);
  const cell = buffer.getNullCell();
  for (let row = 0; row < rows; row++) {
    const line = buffer.getLine(buffer.viewportY + row);
    for (let column = 0; column < cols; column++) {
      const shown = line?.getCell(column, cell);
      if (shown) place(cells, row * cols + column, shown);
      else cells.papers[row * cols + column] = DEFAULT_PAPER;
    }
  }
  // The view may have been scrolled back, away from where the cursor is.
  const cursorRow = buffer.baseY + buffer.cursorY - buffer.viewportY;
  if (showsCursor && cursorRow < rows) swapColours(cells, cursorRow * cols + Math.min(buffer.cursorX, cols - 1));
  return cells;
}

function place(cells: Cells, i: number, cell: IBufferCell): void {
  const { ink, paper } = colours(cell);
  // The second half of a wide character is a cell without width.
  const code = cell.getWidth() === 0 || cell.isInvisible() ? 0 : cell.getCode();
  cells.characters[i] = code | (cell.isUnderline() ? UNDERLINED : 0);
  cells.inks[i] = ink;
  cells.papers[i] = paper;
}

function colours(cell: IBufferCell): { ink: number; paper: number } {
  const front = foreground(cell);
  const back = cell.isBgDefault()
    ? DEFAULT_PAPER
    : cell.isBgRGB()
      ? cell.getBgColor()
      : paletteColour(cell.getBgColor());
  const [ink, paper] = cell.isInverse() ? [back, front] : [front, back];
  return { ink: cell.isDim() ? mixed(ink, paper) : ink, paper };
}

/** Bold text in one of the first eight colours has the bright one, as on the consoles of Linux. */
function foreground(cell: IBufferCell): number {
  if (cell.isFgDefault()) return cell.isBold() ? BRIGHT_INK : DEFAULT_INK;
  const colour = cell.getFgColor();
  if (cell.isFgRGB()) return colour;
  return paletteColour(cell.isBold() && colour < 8 ? colour + 8 : colour);
}

const BRIGHT_INK = 0xffffff;

function swapColours({ inks, papers }: Cells, i: number): void {
  const ink = papers[i] as number;
  papers[i] = inks[i] || DEFAULT_INK;
  inks[i] = ink;
}
