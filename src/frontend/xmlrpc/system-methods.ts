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
  'system.methodHelp': ([name], { methods }) => methods.get(text(name))?.help ?? 'Part of XML-RPC.',
  'system.methodSignature': ([name], { methods }) => {
    const method = methods.get(text(name));
    return method ? [['array', 'string', ...Object.values(method.params).map(typeName)]] : 'undef';
  },
  'system.multicall': ([calls], context) => multicall(calls, context),
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

function typeName({ type }: ExposedParam): string {
  return type === 'ints' ? 'array' : type;
}

/** Runs calls one after the other; each has its own success or fault. */
async function multicall(calls: XmlRpcValue | undefined, context: SystemContext): Promise<XmlRpcValue> {
  if (!Array.isArray(calls)) throw new XmlRpcFault(FAULT.WRONG_INDEX, 'One parameter is expected, an array of calls.');
  const results: XmlRpcValue[] = [];
  for (const call of calls as XmlRpcStruct[]) {
    const { methodName, params } = call;
    try {
      if (methodName === 'system.multicall') throw new XmlRpcFault(FAULT.WRONG_INDEX, 'Calls cannot be nested.');
      results.push([await context.call(text(methodName), Array.isArray(params) ? params : [])]);
    } catch (error) {
      if (!(error instanceof XmlRpcFault)) throw error;
      results.push(faultStruct(error));
    }
  }
  return results;
}
