/** Where OpenNebula keeps what it knows: the entry DB of oned.conf. Pure. */
import { rowFor } from '../opennebula/tables.ts';
import { readConfigurationText } from './configuration-text.ts';

export type Database = { readonly kind: 'sqlite' } | { readonly kind: 'mariadb'; readonly password: string };

/** As the packages' own oned.conf has it (share/etc/oned.conf, 7.4). */
const ENTRIES: { readonly [Kind in Database['kind']]: (database: Extract<Database, { kind: Kind }>) => string } = {
  sqlite: () => 'DB = [ BACKEND = "sqlite", TIMEOUT = 2500 ]',
  mariadb: ({ password }) => `DB = [ BACKEND = "mysql",
       SERVER  = "localhost",
       PORT    = 0,
       USER    = "oneadmin",
       PASSWD  = "${password}",
       DB_NAME = "opennebula",
       CONNECTIONS = 25,
       COMPARE_BINARY = "no" ]`,
};

const BACKENDS = { sqlite: 'sqlite', mariadb: 'mysql' } as const;

/** The text with that entry; as it is where it names the same sqlite already. @throws ConfigurationTextError */
export function withDatabase(text: string, database: Database): string {
  const present = readConfigurationText(text).find(({ name }) => name === 'DB');
  if (present?.vector.get('BACKEND')?.text === BACKENDS[database.kind] && database.kind === 'sqlite') return text;
  const entry = rowFor<Database, [], string>(ENTRIES, database)(database);
  if (!present) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${entry}\n`;
  return `${text.slice(0, present.start)}${entry}${text.slice(present.end)}`;
}
