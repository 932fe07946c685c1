/** docs/reference/sandbox-yaml.md and sandbox.schema.json: the keys of sandbox.yaml, from the schema that reads it. */
import { jsonSchema } from '../../src/sandbox/configuration.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  /** Of mappings with names of the user's: what each holds, in one form or another. */
  readonly additionalProperties?: boolean | { readonly anyOf?: readonly Schema[] };
}

export async function renderSandboxSchema(): Promise<string> {
  return JSON.stringify(jsonSchema(), undefined, 2);
}

export async function renderSandboxYaml(): Promise<string> {
  const schema = jsonSchema() as Schema;
  return [
    '# sandbox.yaml',
    'Says what a sandbox should be. `onedock` takes the nearest file of that name from the working directory up, or the one that `--config` names. Every key has a default, so no file is needed at all. Options go before the file: `--name`, `--hosts`; so does `ONEDOCK_NAME`.',
    'With none of `images`, `templates` and `vms` there is one of each, named `web`: a page served by busybox, made on the spot. Problems are reported all at once, with file, line and column. Editors complete and check the file by its schema, [sandbox.schema.json](sandbox.schema.json): put `# yaml-language-server: $schema=…/docs/reference/sandbox.schema.json` on the first line.',
    '## Keys',
    keyTable(schema),
    ...listsOf(schema).map(([key, item]) => `## Entries of ${key}\n\n${keyTable(item)}`),
    '## Example',
    `\`\`\`yaml\n${EXAMPLE}\`\`\``,
  ].join('\n\n');
}

export const EXAMPLE = `name: shop
hosts: 3
hub: stand-in            # nothing is fetched from outside
networks:
  - { name: front, size: 100 }
  - { name: back, size: 100 }
images:
  - { name: web, path: sample }
  - { name: data, type: DATABLOCK, sizeMb: 64, persistent: true }
templates:
  - name: web
    image: web
    networks: [front, back]
  - name: store
    image: web
    disks: [data]
    memoryMb: 128
    attributes: |
      LABELS = "storage"
vms:
  - { name: web, template: web, page: 80 }
`;

function keyTable(schema: Schema): string {
  const rows = rowsOf(schema, '').map((cells) => `| ${cells.map(escapePipes).join(' | ')} |`);
  return ['| key | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    if (schema.properties) return rowsOf(schema, `${prefix}${key}.`);
    const isRequired = required.includes(key) && schema.default === undefined;
    const fallback = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
    return [[`\`${prefix}${key}\``, kindOf(schema), isRequired ? 'required' : fallback, schema.description ?? '']];
  });
}

function kindOf(schema: Schema): string {
  const { type = '', enum: choices, minimum, maximum, items } = schema;
  if (entryOf(schema)) return 'mapping, see below';
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (items) return items.properties ? 'list, see below' : `list of ${items.type}s`;
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return isBounded ? `${type}, ${minimum} to ${maximum}` : type;
}

function listsOf({ properties = {} }: Schema): [string, Schema][] {
  return Object.entries(properties).flatMap(([key, schema]): [string, Schema][] => {
    const entry = schema.items?.properties ? schema.items : entryOf(schema);
    return entry ? [[key, entry]] : listsOf(schema).map(([inner, each]) => [`${key}.${inner}`, each]);
  });
}

/** The long form of the entries of a mapping with names of the user's. */
function entryOf({ additionalProperties }: Schema): Schema | undefined {
  if (typeof additionalProperties !== 'object') return undefined;
  return additionalProperties.anyOf?.find(({ properties }) => properties);
}

function escapePipes(text: string): string {
  return text.replaceAll('|', '\\|');
}
