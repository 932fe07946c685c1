import { describe, expect, it } from 'vitest';
import { printTable, type Table, type TableOptions } from '../../../../src/cli/one/output/table.ts';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly state: string;
}

const TABLE: Table<Row> = {
  columns: [
    { title: 'ID', width: 4, adjust: true, cell: ({ id }) => id },
    { title: 'NAME', width: 6, left: true, expand: true, cell: ({ name }) => name },
    { title: 'PERSISTENT', width: 3, cell: () => 'No' },
    { title: 'STAT', width: 4, left: true, cell: ({ state }) => state },
  ],
  defaults: ['ID', 'NAME', 'STAT'],
  layouts: { short: ['NAME'] },
};

const ROWS: readonly Row[] = [
  { id: 10, name: 'web', state: 'on' },
  { id: 9, name: 'a,b', state: '' },
  { id: 100_000, name: 'longer name', state: 'err' },
];

function print(options: TableOptions = {}, rows = ROWS): string[] {
  const { header, rows: lines } = printTable(TABLE, rows, options);
  return header === undefined ? [...lines] : [header, ...lines];
}

describe('a table', () => {
  it('cuts what is too long, grows adjusted columns, trims rows and keeps the padding of the header', () => {
    expect(print()).toEqual(['    ID NAME   STAT', '    10 web    on', '     9 a,b', '100000 longer err']);
  });

  it('shows the columns asked for in that order, and cuts their titles', () => {
    expect(print({ list: ['stat', 'persistent'] })[0]).toBe('STAT PER');
    expect(print({ layout: 'short' })).toEqual(['NAME  ', 'web', 'a,b', 'longer']);
  });

  it('can go without header', () => {
    expect(print({ noHeader: true, list: ['NAME'] })).toEqual(['web', 'a,b', 'longer']);
  });

  it('writes values apart by commas, with quotes where they are needed', () => {
    expect(print({ csv: true })).toEqual(['ID,NAME,STAT', '10,web,on', '9,"a,b",""', '100000,longer name,err']);
    expect(print({ csv: true, csvDelimiter: ';', list: ['ID', 'NAME'] })[2]).toBe('9;a,b');
  });

  it.each([
    [['NAME=web'], undefined, [10]],
    [['NAME!=web'], undefined, [9, 100_000]],
    [['name~e'], undefined, [10, 100_000]],
    [['ID>9'], undefined, [10, 100_000]],
    [['ID<=10'], undefined, [10, 9]],
    [['ID>9', 'STAT=err'], undefined, [100_000]],
    [['ID=9', 'STAT=err'], 'OR', [9, 100_000]],
    [['PERSISTENT=No'], undefined, [10, 9, 100_000]],
  ])('keeps the rows that pass %j %s', (filter, operator, ids) => {
    const shown = print({ filter, operator, list: ['ID'], noHeader: true });
    expect(shown.map(Number)).toEqual(ids);
  });

  it('is as wide as its options say', () => {
    expect(print({ size: ['name=2', 'id=3'], list: ['ID', 'NAME'] })).toEqual([' ID NA', ' 10 we', '  9 a,', '100 lo']);
    expect(print({ adjust: ['name'], list: ['NAME'] })).toEqual(['NAME       ', 'web', 'a,b', 'longer name']);
  });

  it('fills a terminal with the columns meant for it', () => {
    const [header = ''] = print({ terminalWidth: 40 });
    expect(header).toHaveLength(40);
    expect(header.indexOf('STAT')).toBe(36);
    expect(print({ terminalWidth: 40, expand: [] })[0]).toHaveLength(40);
    expect(print({ terminalWidth: 5 })[0]).toBe('    ID NAME   STAT');
  });

  it.each([
    [{ list: ['NOPE'] }, 'Column NOPE not defined.'],
    [{ filter: ['nope=1'] }, "Column 'nope' not found"],
    [{ filter: ['NAME'] }, "Expression 'NAME' incorrect"],
  ])('refuses %j', (options, message) => {
    expect(() => print(options)).toThrow(message);
  });
});
