/** Options of `list` and `top` (src/cli/cli_helper.rb, 7.4). */
import { flag, integer, list, text } from '../option.ts';
import type { AnyOption, Option } from '../run.ts';
import { FORMATS } from './format.ts';

export const LIST = list({
  name: 'list',
  short: '-l',
  long: '--list',
  argument: 'x,y,z',
  help: 'Columns to show',
});
export const LISTCONF = text({
  name: 'listconf',
  short: '-c',
  long: '--listconf',
  argument: 'conf',
  help: 'Predefined list of columns to show; ONE_LISTCONF sets one for all commands',
});
export const DELAY = integer({
  name: 'delay',
  short: '-d',
  long: '--delay',
  argument: 'x',
  help: 'Seconds between two listings of top',
});
export const FILTER = list({
  name: 'filter',
  short: '-f',
  long: '--filter',
  argument: 'x,y,z',
  help: 'Rows to show, as column and value with one of = != < <= > >= ~ between them, as in NAME~web (NAME contains web)',
});
export const OPERATOR = text({
  name: 'operator',
  long: '--operator',
  argument: 'operator',
  help: 'Whether rows must pass all filters (AND, the default) or one of them (OR)',
});
export const CSV = flag({ name: 'csv', long: '--csv', help: 'Write the table as comma separated values' });
export const CSV_DELIMITER = text({
  name: 'csv_del',
  long: '--csv-del',
  argument: 'del',
  help: 'Delimiter of --csv',
});
export const NO_PAGER = flag({ name: 'no_pager', long: '--no-pager', help: 'Do not page on a terminal' });
export const NO_HEADER = flag({ name: 'no_header', long: '--no-header', help: 'Leave the header of the table out' });
export const ADJUST = list({
  name: 'adjust',
  long: '--adjust',
  argument: 'x,y,z',
  help: 'Columns made as wide as their contents',
});
export const SIZE = list({
  name: 'size',
  short: '-s',
  long: '--size',
  argument: 'x=size,y=size',
  help: 'Widths of columns, as in name=20',
});
export const EXPAND: Option<string[]> = {
  name: 'expand',
  long: '--expand',
  argument: '[x=prop,y=prop]',
  argumentOptional: true,
  help: 'Columns that fill the terminal, all when none is named; name=0.4 gives one 40% of the room that is left',
  read: (typed) => typed?.split(',') ?? [],
};
export const NO_EXPAND = flag({ name: 'no_expand', long: '--no-expand', help: 'Do not fill the terminal' });

export const EXTENDED = flag({
  name: 'extended',
  long: '--extended',
  help: 'Get whole objects (with -x, -j and -y only)',
});
export const NUMERIC = flag({
  name: 'numeric',
  short: '-n',
  long: '--numeric',
  help: 'Show ids of users and groups, not their names',
});
export const KILOBYTES = flag({ name: 'kilobytes', short: '-k', long: '--kilobytes', help: 'Show sizes as numbers' });
export const DESCRIBE = flag({ name: 'describe', long: '--describe', help: 'Describe the columns' });

const TABLE_OPTIONS: readonly AnyOption[] = [
  LIST,
  LISTCONF,
  DELAY,
  FILTER,
  OPERATOR,
  CSV,
  CSV_DELIMITER,
  NO_PAGER,
  NO_HEADER,
  ADJUST,
  SIZE,
  EXPAND,
  NO_EXPAND,
];

export const TOP_OPTIONS: readonly AnyOption[] = [...TABLE_OPTIONS, ...FORMATS, EXTENDED, NUMERIC, KILOBYTES];

export const LIST_OPTIONS: readonly AnyOption[] = [...TOP_OPTIONS, DESCRIBE];
