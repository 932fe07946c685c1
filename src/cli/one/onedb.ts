/**
 * onedb: the store of the embedded front-end as a file to keep, and back. OpenNebula's own works on its database; what
 * is asked and answered is the same.
 */
import { existsSync } from 'node:fs';
import { backUpStore, restoreStore, schemaOf } from '../../frontend/store/backup.ts';
import { NEWEST_SCHEMA } from '../../frontend/store/schema.ts';
import { command, optional, required, type Tool } from './command.ts';
import { textFormat } from './formats.ts';
import { flag, text } from './option.ts';
import { HELP, VERBOSE, VERSION } from './options/global.ts';
import { Refusal } from './refusal.ts';
import type { Run } from './run.ts';

const DEFAULT_STORE = '/var/lib/one/one.db';

const SQLITE = text({
  name: 'sqlite',
  short: '-s',
  long: '--sqlite',
  argument: 'file',
  help: `Store of the front-end, ${DEFAULT_STORE} unless given`,
});
const FORCE = flag({ name: 'force', short: '-f', long: '--force', help: 'Overwrite a file that is there' });

const OUTPUT_FILE = textFormat('output_file', 'Path of the file to write');
const BACKUP_FILE = textFormat('backup_file', 'Path of a backup');

function storeOf(run: Run): string {
  return run.get(SQLITE) ?? DEFAULT_STORE;
}

const backup = command({
  name: 'backup',
  help: 'Writes the store to a file, by default beside it with the time in its name. The front-end may run.',
  args: [optional(OUTPUT_FILE)],
  options: [SQLITE, FORCE],
  run: async (run, given) => {
    const store = storeOf(run);
    const output = given ?? `${store}_${timeInName(run.io.now())}.bck`;
    if (existsSync(output) && !run.has(FORCE)) {
      throw new Refusal(`File ${output} exists, backup aborted. Use -f to overwrite.`);
    }
    backUpStore(store, output);
    run.print(`Sqlite database backup of ${store} stored in ${output}`);
    run.print("Use 'onedb restore' to restore the DB.");
  },
});

const restore = command({
  name: 'restore',
  help: 'Puts a backup in the place of the store. The front-end has to be stopped before.',
  args: [required(BACKUP_FILE)],
  options: [SQLITE, FORCE],
  run: async (run, file) => {
    const store = storeOf(run);
    if (existsSync(store) && !run.has(FORCE)) {
      throw new Refusal(`File ${store} exists, restore aborted. Use -f to overwrite.`);
    }
    restoreStore(file, store);
    run.print(`Sqlite database backup restored in ${store}`);
  },
});

const version = command({
  name: 'version',
  help: 'Prints the schema of the store, and the one that this release writes.',
  options: [SQLITE],
  run: async (run) => {
    run.print(`Schema:   ${schemaOf(storeOf(run))}`);
    run.print(`Required: ${NEWEST_SCHEMA}`);
  },
});

export const onedb: Tool = {
  name: 'onedb',
  commands: [backup, restore, version],
  globalOptions: [VERBOSE, HELP, VERSION],
};

/** `2026-11-23_20:04:00`, as OpenNebula has it. */
function timeInName(seconds: number): string {
  const at = new Date(seconds * 1000);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day}_${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}
