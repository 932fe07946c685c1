import { findId } from './names.ts';
import { converted } from './option.ts';

/** Cluster into which something is created, or to which an action is limited. */
export const CLUSTER = converted(
  { name: 'cluster', short: '-c', long: '--cluster', argument: 'id|name', help: 'Selects the cluster' },
  (typed, run) => findId(run, 'CLUSTER', typed),
);
