/**
 * What `show` prints, as lines. Headings are kept apart from plain lines, since a terminal shows them in bold.
 * Each object's page is a function from its document to a page, so it is tested without a front-end.
 */
import type { Node } from '../../document.ts';
import { printTable, type Table, type TableOptions } from './table.ts';
import { permissionText } from './units.ts';

export type Line = string | Heading;

export interface Heading {
  readonly heading: string;
  readonly underlined: boolean;
}

const HEADING_WIDTH = 80;
const VALUE_WIDTH = 20;

/** A heading padded as the commands pad it; `underlined` where a terminal underlines it. */
export function heading(text: string, { width = HEADING_WIDTH, underlined = false } = {}): Heading {
  return { heading: text.padEnd(width), underlined };
}

/** `NAME           : value               ` for names padded to `nameWidth`; the value is padded too unless told not. */
export function fieldWriter(nameWidth: number, valueWidth = VALUE_WIDTH) {
  return (name: string, value: string | number | undefined): string =>
    `${name.padEnd(nameWidth)}: ${String(value ?? '').padEnd(valueWidth)}`;
}

export type FieldWriter = ReturnType<typeof fieldWriter>;

/** The section on owner, group and others, without blank lines around. */
export function permissionLines(document: Node, field: FieldWriter): Line[] {
  return [
    heading('PERMISSIONS'),
    ...(['OWNER', 'GROUP', 'OTHER'] as const).map((whose) => field(whose, permissionText(document, whose))),
  ];
}

export function tableLines<Row>(table: Table<Row>, rows: Iterable<Row>, options?: TableOptions): Line[] {
  const { header, rows: lines } = printTable(table, rows, options);
  return [...(header === undefined ? [] : [{ heading: header, underlined: true }]), ...lines];
}
