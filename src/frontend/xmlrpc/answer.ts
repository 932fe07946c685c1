/** From the body of a request to the body of its response. */
import { messageOf } from '../../errors/thrown.ts';
import {
  decodeCall,
  encodeFault,
  encodeResponseInParts,
  XmlRpcFault,
  XmlRpcSyntaxError,
  type XmlRpcValue,
} from '../../opennebula/xmlrpc.ts';
import { FAULT, readArguments } from './arguments.ts';
import type { Exposed, Peer } from './exposed-method.ts';
import { SYSTEM_METHODS } from './system-methods.ts';

/** Never throws: what goes wrong is answered as a fault, or, where a method refuses, as its result. */
export async function answer(body: string, exposed: Exposed, peer: Peer): Promise<string> {
  return [...(await answerInParts(body, exposed, peer))].join('');
}

/** The same, one part of the answer after the other. */
export async function answerInParts(body: string, exposed: Exposed, peer: Peer): Promise<Iterable<string>> {
  try {
    const { method, params } = decodeCall(body);
    return encodeResponseInParts(await call(method, params, exposed, peer));
  } catch (error) {
    return [encodeFault(faultOf(error))];
  }
}

async function call(name: string, params: readonly XmlRpcValue[], exposed: Exposed, peer: Peer): Promise<XmlRpcValue> {
  const system = Object.hasOwn(SYSTEM_METHODS, name) ? SYSTEM_METHODS[name] : undefined;
  if (system) {
    return system(params, { methods: exposed.methods, call: (other, given) => call(other, given, exposed, peer) });
  }
  const method = exposed.methods.get(name);
  if (!method) throw new XmlRpcFault(FAULT.NO_METHOD, `Method '${name}' not defined`);
  const { session, args } = readArguments(method, params);
  return exposed.invoke(method, session, args, peer);
}

function faultOf(error: unknown): XmlRpcFault {
  if (error instanceof XmlRpcFault) return error;
  if (error instanceof XmlRpcSyntaxError) {
    return new XmlRpcFault(FAULT.PARSE, `Call is not valid XML-RPC. ${error.message}`);
  }
  return new XmlRpcFault(FAULT.NO_PARAMETERS, `Internal error. ${messageOf(error)}`);
}
