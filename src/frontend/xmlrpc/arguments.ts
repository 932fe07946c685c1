/**
 * Arguments as a method declares them. Types are checked as OpenNebula does, and surplus arguments are ignored
 * (src/rm/xml-rpc/RequestXRPC.cc, 7.4).
 */
import { XmlRpcFault, type XmlRpcValue } from '../../opennebula/xmlrpc.ts';
import type { ExposedMethod, ExposedParam } from './exposed-method.ts';

/** Codes of XML-RPC's library, which OpenNebula passes on. */
export const FAULT = {
  NO_PARAMETERS: -500,
  WRONG_TYPE: -501,
  WRONG_INDEX: -502,
  PARSE: -503,
  NO_METHOD: -506,
  RECURSION: -507,
} as const;

export interface ReadArguments {
  readonly session: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Looks at arguments in the order of oned, which tells of the first that is wrong or missing. @throws XmlRpcFault */
export function readArguments(method: ExposedMethod, given: readonly XmlRpcValue[]): ReadArguments {
  if (given.length === 0) throw new XmlRpcFault(FAULT.NO_PARAMETERS, 'Not enough parameters');
  const [session, ...rest] = given;
  const params = Object.entries(method.params);
  const values: unknown[] = [];
  for (const i of readingOrder(method)) values[i] = readArgument((params[i] as [string, ExposedParam])[1], rest[i]);
  const args = Object.fromEntries(params.map(([name], i) => [name, values[i]]));
  return { session: READERS.string(session as XmlRpcValue) as string, args };
}

/**
 * What is read on its own comes first, mostly the number of the object that is the answer, too; then those that stand in a
 * call, from the last to the first, as GCC compiles it (src/rm/xml-rpc/*XRPC.cc).
 */
function readingOrder({ name, params }: ExposedMethod): number[] {
  const all = Object.values(params);
  const verb = name.slice(name.lastIndexOf('.') + 1);
  const answersId = all[0]?.type === 'int' && !OTHER_ANSWERS.has(verb) && !name.includes('pool.');
  const alone = READ_ALONE[name] ?? (answersId ? [0] : []);
  return [
    ...alone,
    ...all
      .map((_, i) => i)
      .filter((i) => !alone.includes(i))
      .toReversed(),
  ];
}

/** Methods about an object that answer with something else. */
const OTHER_ANSWERS: ReadonlySet<string> = new Set([
  'clone',
  'disksaveas',
  'disksnapshotcreate',
  'info',
  'instantiate',
  'monitoring',
  'reserve',
  'schedadd',
  'snapshotcreate',
]);

const READ_ALONE: Readonly<Record<string, readonly number[]>> = {
  'one.backupjob.scheddelete': [1],
  'one.backupjob.schedupdate': [1],
  'one.documentpool.info': [0, 1, 2, 3],
  'one.image.restore': [],
  'one.user.login': [1],
  'one.vm.action': [1],
  'one.vm.schedupdate': [1],
  'one.vrouter.attachnic': [0, 1],
  'one.vrouter.instantiate': [0, 3],
};

function readArgument(param: ExposedParam, value: XmlRpcValue | undefined): unknown {
  if (value !== undefined) return READERS[param.type](value);
  if ('fallback' in param) return param.fallback;
  throw new XmlRpcFault(FAULT.WRONG_TYPE, 'Not enough parameters');
}

const READERS: Readonly<Record<ExposedParam['type'], (value: XmlRpcValue) => unknown>> = {
  int(value) {
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw wrongType('integer');
  },
  boolean(value) {
    if (typeof value === 'boolean') return value;
    throw wrongType('be boolean');
  },
  string(value) {
    if (typeof value === 'string') return value;
    throw wrongType('be a string');
  },
  ints(value) {
    if (Array.isArray(value)) return value.map((item) => READERS.int(item));
    throw wrongType('be an array');
  },
};

function wrongType(type: string): XmlRpcFault {
  const supposed = type === 'integer' ? 'be integer' : type;
  return new XmlRpcFault(FAULT.WRONG_TYPE, `Parameter that is supposed to ${supposed} is not`);
}
