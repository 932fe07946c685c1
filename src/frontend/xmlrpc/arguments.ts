/**
 * Arguments as a method declares them. Types are checked as OpenNebula does, but for kindness where nothing is lost:
 * 0 and 1 are taken for booleans. Surplus arguments are ignored (src/rm/xml-rpc/RequestXRPC.cc, 7.4).
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

/** Looks at arguments from the last to the first, as the calls in oned are compiled. @throws XmlRpcFault */
export function readArguments(method: ExposedMethod, given: readonly XmlRpcValue[]): ReadArguments {
  if (given.length === 0) throw new XmlRpcFault(FAULT.NO_PARAMETERS, 'Not enough parameters');
  const [session, ...rest] = given;
  const params = Object.entries(method.params);
  const values = params
    .map(([, param], i) => [param, rest[i]] as const)
    .toReversed()
    .map(([param, value]) => readArgument(param, value))
    .toReversed();
  const args = Object.fromEntries(params.map(([name], i) => [name, values[i]]));
  return { session: READERS.string(session as XmlRpcValue) as string, args };
}

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
    if (value === 0 || value === 1) return value === 1;
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
