/** A front-end that answers calls from a table, for tests of what the commands make of answers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeCall, encodeFault, encodeResponse, XmlRpcFault, type XmlRpcValue } from '../../src/opennebula/xmlrpc.ts';

/** Per method the payload of the answer, or how it fails; a function is given the parameters behind the session. */
export type Answers = Readonly<Record<string, Answer | ((...params: readonly XmlRpcValue[]) => Answer)>>;

export type Answer =
  | string
  | number
  | { readonly code: number; readonly message: string }
  /** The call itself is not known. */
  | { readonly fault: string };

export interface StubFrontend extends AsyncDisposable {
  readonly endpoint: string;
  /** Calls so far: the method and the parameters behind the session. */
  readonly calls: readonly (readonly [method: string, ...params: XmlRpcValue[]])[];
}

export async function startStubFrontend(answers: Answers): Promise<StubFrontend> {
  const calls: [string, ...XmlRpcValue[]][] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, params } = decodeCall(body);
    calls.push([method, ...params.slice(1)]);
    const entry = answers[method] ?? { code: 4096, message: `[${method}] is not in the table of answers.` };
    const answer = typeof entry === 'function' ? entry(...params.slice(1)) : entry;
    response.setHeader('Content-Type', 'text/xml; charset=utf-8').end(encode(answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/RPC2`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function encode(answer: Answer): string {
  if (typeof answer !== 'object') return encodeResponse([true, answer, 0]);
  if ('fault' in answer) return encodeFault(new XmlRpcFault(-506, answer.fault));
  return encodeResponse([false, answer.message, answer.code, -1, -1n]);
}
