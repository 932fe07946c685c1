/** docs/reference/driver-settings.md: the keys of onedock.yaml, from the schema that reads it. */
import { z } from 'zod';
import { settingsSchema } from '../../src/drivers/settings.ts';
import { DEFAULT_SETTINGS_PATH } from '../../src/drivers/settings-path.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

export async function renderDriverSettings(): Promise<string> {
  const { properties = {} } = z.toJSONSchema(settingsSchema, { io: 'input' }) as Schema;
  return [
    '# Settings of the drivers',
    `The drivers read \`${DEFAULT_SETTINGS_PATH}\` on the front-end, or the file that \`ONEDOCK_SETTINGS\` names, whether they run in the front-end's process or as executables. Every key has a default, so an empty file is enough. Secrets are never in it, only the names of files that hold them. Mistakes are reported all at once, with line and column.`,
    '| key | value | default | meaning |',
  ]
    .join('\n\n')
    .concat('\n|---|---|---|---|\n', Object.entries(properties).flatMap(renderSection).join('\n'));
}

function renderSection([section, { properties = {} }]: [string, Schema]): string[] {
  return Object.entries(properties).map(([key, schema]) => {
    const value = schema.enum ? schema.enum.map((each) => `\`${each}\``).join(', ') : (schema.type ?? '');
    const fallback = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
    return `| \`${section}.${key}\` | ${value} | ${fallback} | ${schema.description ?? ''} |`;
  });
}
