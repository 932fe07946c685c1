import { findId } from './names.ts';
import { converted } from './option.ts';

/** Datastore that an image or a backup goes to. */
export const DATASTORE = converted(
  { name: 'datastore', short: '-d', long: '--datastore', argument: 'id|name', help: 'Selects the datastore' },
  (typed, run) => findId(run, 'DATASTORE', typed),
);
