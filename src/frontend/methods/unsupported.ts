/**
 * Methods that OpenNebula has and this front-end refuses, with an error that names what is missing, so that nobody takes
 * silence for success. Checks come in OpenNebula's order: who asks, whether the object exists, what he may do.
 */
import type { Kind } from '../objects/kinds.ts';
import { internal, notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, optional, type Param, type Params, string } from './method.ts';

/** Parameters by letter: `i` a number, `s` a text, `b` yes or no; capitals may be left out. */
interface Family {
  /** What is not supported, as messages say it. */
  readonly what: string;
  /** The kind of the object whose id comes first. */
  readonly kind: Kind;
  /** `one.<prefix>.<name>` and its parameters. */
  readonly methods: Readonly<Record<string, string>>;
}

const STANDARD = { update: 'isI', rename: 'is', delete: 'i' };
const OWNED = { ...STANDARD, chmod: 'iiiiiiiiii', chown: 'iii' };
const LOCKABLE = { ...OWNED, lock: 'iiB', unlock: 'i' };

const FAMILIES: Readonly<Record<string, Family>> = {
  backupjob: {
    what: 'Backup jobs',
    kind: 'backupjob',
    methods: {
      allocate: 's',
      ...LOCKABLE,
      backup: 'i',
      cancel: 'i',
      retry: 'i',
      priority: 'ii',
      schedadd: 'is',
      schedupdate: 'iis',
      scheddelete: 'ii',
    },
  },
};

const PARAMS: Readonly<Record<string, Param>> = {
  i: int,
  s: string,
  b: boolean,
  I: optional(int, 0),
  S: optional(string, ''),
  B: optional(boolean, false),
};

const PLANS = 'Plans for clusters';

/** Methods with checks of their own, which here end most calls. */
const WITH_CHECKS: readonly Method[] = [
  refused('one.cluster.optimize', PLANS, 'i', (call, id) => void call.get('cluster', id)),
  refused('one.cluster.planexecute', PLANS, 'i', (call, id) => {
    call.get('cluster', id);
    throw notPossible('Plan is not ready');
  }),
  refused('one.cluster.plandelete', PLANS, 'i', (call, id) => {
    call.get('cluster', id);
    throw notPossible(`Plan for cluster ${id} does not exist`);
  }),
];

/** What servers of one cloud say to each other, and what administrators say to its database. */
const INTERNAL: Readonly<Record<string, readonly [what: string, parameters: string]>> = {
  'one.system.sql': ['Commands to the database', 'sB'],
  'one.system.sqlquery': ['Commands to the database', 's'],
  'one.market.allocatedb': ['Messages between front-ends', 's'],
  'one.market.updatedb': ['Messages between front-ends', 'is'],
  'one.marketapp.allocatedb': ['Messages between front-ends', 's'],
  'one.marketapp.updatedb': ['Messages between front-ends', 'is'],
  'one.marketapp.dropdb': ['Messages between front-ends', 'i'],
  'one.zone.replicate': ['Messages between front-ends', 'iiiiiiisi'],
  'one.zone.fedreplicate': ['Messages between front-ends', 'iis'],
  'one.zone.voterequest': ['Messages between front-ends', 'iiii'],
  'one.zone.updatedb': ['Messages between front-ends', 'is'],
};

export const unsupportedMethods: readonly Method[] = [
  ...Object.entries(FAMILIES).flatMap(([prefix, { what, kind, methods }]) =>
    Object.entries(methods).map(([name, parameters]) =>
      refused(`one.${prefix}.${name}`, what, parameters, (call, id) => {
        if (name.startsWith('allocate')) call.authorize(call.creation(kind));
        else call.getAuthorized(kind, id, 'MANAGE', { despiteLock: true });
      }),
    ),
  ),
  ...WITH_CHECKS,
  ...Object.entries(INTERNAL).map(([name, [what, parameters]]) =>
    refused(name, what, parameters, (call) => {
      if (!call.isAdmin) throw notAuthorized('');
    }),
  ),
];

function refused(name: string, what: string, letters: string, check: (call: Call, id: number) => void): Method {
  return defineMethod({
    name,
    params: paramsOf(letters),
    help: `Refused: ${what} are not supported.`,
    run(call, args) {
      check(call, Number(Object.values(args)[0]));
      throw internal(`${what} are not supported.`);
    },
  });
}

function paramsOf(letters: string): Params {
  return Object.fromEntries(
    [...letters].map((letter, i) => [i === 0 && letter === 'i' ? 'id' : `p${i}`, PARAMS[letter] as Param]),
  );
}
