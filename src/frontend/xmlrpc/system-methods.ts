/** XML-RPC's own methods: they describe the others, or call several at once. They need no session. */
import { faultStruct, XmlRpcFault, type XmlRpcStruct, type XmlRpcValue } from '../../opennebula/xmlrpc.ts';
import { FAULT } from './arguments.ts';
import type { ExposedMethod, ExposedParam } from './exposed-method.ts';

export interface SystemContext {
  readonly methods: ReadonlyMap<string, ExposedMethod>;
  /** Calls any method; faults are thrown. */
  call(method: string, params: readonly XmlRpcValue[]): Promise<XmlRpcValue>;
}

type SystemMethod = (params: readonly XmlRpcValue[], context: SystemContext) => XmlRpcValue | Promise<XmlRpcValue>;

export const SYSTEM_METHODS: Readonly<Record<string, SystemMethod>> = {
  'system.listMethods': (_, { methods }) => [...Object.keys(SYSTEM_METHODS), ...methods.keys()],
  'system.methodExist': ([name], { methods }) => Object.hasOwn(SYSTEM_METHODS, text(name)) || methods.has(text(name)),
  'system.methodHelp': ([name], { methods }) => describe(name, methods, ({ help }) => help, 'Part of XML-RPC.'),
  'system.methodSignature': ([name], { methods }) =>
    describe(name, methods, ({ params }) => [['array', 'string', ...Object.values(params).map(typeName)]], 'undef'),
  'system.multicall': (given, context) => multicall(given, context),
  'system.shutdown': () => {
    throw new XmlRpcFault(FAULT.NO_METHOD, 'This server cannot be shut down by a call.');
  },
  'system.capabilities': () => ({ facility: 'ONEDock', protocol_version: 2 }),
  'system.getCapabilities': () => ({
    introspect: { specUrl: 'http://xmlrpc-c.sourceforge.net/xmlrpc-c/introspection.html', specVersion: 1 },
  }),
};

function text(value: XmlRpcValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new XmlRpcFault(FAULT.WRONG_INDEX, 'One parameter is expected, the name of a method.');
}

/** What is known of a method; `ofSystem` for XML-RPC's own. @throws XmlRpcFault */
function describe(
  given: XmlRpcValue | undefined,
  methods: SystemContext['methods'],
  tell: (method: ExposedMethod) => XmlRpcValue,
  ofSystem: XmlRpcValue,
): XmlRpcValue {
  const name = text(given);
  const method = methods.get(name);
  if (method) return tell(method);
  if (Object.hasOwn(SYSTEM_METHODS, name)) return ofSystem;
  throw new XmlRpcFault(FAULT.NO_METHOD, `Method '${name}' does not exist`);
}

function typeName({ type }: ExposedParam): string {
  return type === 'ints' ? 'array' : type;
}

/** Runs calls one after the other; each has its own success or fault. What is no call ends them all. */
async function multicall(given: readonly XmlRpcValue[], context: SystemContext): Promise<XmlRpcValue> {
  const [calls] = given;
  if (given.length !== 1) {
    const what = 'system.multicall takes one parameter, which is an array, each element describing one RPC.';
    throw new XmlRpcFault(FAULT.PARSE, `${what}  You supplied ${given.length} arguments`);
  }
  if (!Array.isArray(calls)) {
    const what = "system.multicall's parameter should be an array, each element describing one RPC.";
    throw new XmlRpcFault(FAULT.WRONG_TYPE, what);
  }
  const results: XmlRpcValue[] = [];
  for (const call of calls) {
    const { methodName, params } = readCall(call);
    try {
      results.push([await context.call(methodName, params)]);
    } catch (error) {
      if (!(error instanceof XmlRpcFault)) throw error;
      results.push(faultStruct(error));
    }
  }
  return results;
}

function readCall(call: XmlRpcValue): { methodName: string; params: readonly XmlRpcValue[] } {
  if (typeof call !== 'object' || call === null || Array.isArray(call)) {
    const what = "An element of the multicall array should be a struct (with members 'methodName' and 'params')";
    throw new XmlRpcFault(FAULT.WRONG_TYPE, what);
  }
  const { methodName, params } = call as XmlRpcStruct;
  if (methodName === undefined) throw new XmlRpcFault(FAULT.WRONG_INDEX, "No member of struct has key 'methodName'");
  if (methodName === 'system.multicall') {
    throw new XmlRpcFault(FAULT.RECURSION, 'Recursive system.multicall forbidden');
  }
  return { methodName: text(methodName), params: Array.isArray(params) ? params : [] };
}
