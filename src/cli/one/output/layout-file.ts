/**
 * A user's own layout of a table: `~/.one/cli/<tool>.yaml`, or /etc/one/cli/<tool>.yaml for all users, in OpenNebula's
 * form, whose keys are written as Ruby's symbols:
 *
 * ```yaml
 * :NAME: { :size: 30, :left: true }
 * :default: [:ID, :NAME, :STAT]
 * :default_conf: { :short: [:ID, :NAME] }
 * ```
 */
import { messageOf } from '../../../errors/thrown.ts';
import type { Io } from '../io.ts';
import { Refusal } from '../refusal.ts';
import type { Column, Table } from './table.ts';

/** The table as the user's file, or else that for all users, has it; as it is when there is neither. */
export async function applyLayoutFile<Row>(
  table: Table<Row>,
  toolName: string,
  { env, readFile }: Pick<Io, 'env' | 'readFile'>,
): Promise<Table<Row>> {
  const paths = [env.HOME ? `${env.HOME}/.one/cli/${toolName}.yaml` : [], `/etc/one/cli/${toolName}.yaml`].flat();
  for (const path of paths) {
    const source = readFile(path);
    if (source !== undefined) return withLayout(table, await readLayout(source, path));
  }
  return table;
}

type Layout = Readonly<Record<string, unknown>>;

/** @throws Refusal when the file is no YAML, or no map */
async function readLayout(source: string, path: string): Promise<Layout> {
  const { parse } = await import('yaml');
  try {
    const layout: unknown = parse(source);
    if (isMap(layout)) return layout;
  } catch (error) {
    throw new Refusal(`${path} cannot be read: ${messageOf(error)}`);
  }
  throw new Refusal(`${path} cannot be read: it is no map.`);
}

function withLayout<Row>(table: Table<Row>, layout: Layout): Table<Row> {
  const columns = table.columns.map((column) => withColumnLayout(column, layout[`:${column.title}`]));
  const known = (titles: unknown) =>
    symbols(titles).filter((title) => columns.some((column) => column.title === title));
  const defaults = known(layout[':default']);
  const named = layout[':default_conf'];
  const layouts = isMap(named)
    ? Object.fromEntries(Object.entries(named).map(([name, titles]) => [name.replace(/^:/, ''), known(titles)]))
    : {};
  return {
    columns,
    ...(defaults.length > 0 ? { defaults } : table.defaults ? { defaults: table.defaults } : {}),
    layouts: { ...table.layouts, ...layouts },
  };
}

function withColumnLayout<Row>(column: Column<Row>, layout: unknown): Column<Row> {
  if (!isMap(layout)) return column;
  const { ':size': size, ':left': left, ':adjust': adjust, ':expand': expand } = layout;
  return {
    ...column,
    ...(typeof size === 'number' ? { width: size } : {}),
    ...(typeof left === 'boolean' ? { left } : {}),
    ...(typeof adjust === 'boolean' ? { adjust } : {}),
    ...(expand === undefined ? {} : { expand: expand !== false }),
  };
}

function symbols(list: unknown): string[] {
  return Array.isArray(list) ? list.map((title) => String(title).replace(/^:/, '')) : [];
}

function isMap(value: unknown): value is Layout {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
