import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { OnedockError } from '../../../../src/errors/onedock-error.ts';
import { createClient } from '../../../../src/opennebula/client/client.ts';
import { OneApiError } from '../../../../src/opennebula/client/one-api-error.ts';
import {
  decodeCall,
  encodeFault,
  encodeResponse,
  type XmlRpcCall,
  XmlRpcFault,
  type XmlRpcValue,
} from '../../../../src/opennebula/xmlrpc.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** A front-end that answers each call with what `answer` returns, and keeps the calls. */
async function frontend(answer: (call: XmlRpcCall) => string) {
  const calls: XmlRpcCall[] = [];
  const sockets = new Set<unknown>();
  const endpoint = await listen(async (request, response) => {
    sockets.add(request.socket);
    let body = '';
    for await (const chunk of request) body += chunk;
    const call = decodeCall(body);
    calls.push(call);
    response.setHeader('Content-Type', 'text/xml; charset=utf-8').end(answer(call));
  });
  return { calls, sockets, client: createClient({ endpoint, session: 'oneadmin:secret' }) };
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/RPC2`;
}

const success = (payload: XmlRpcValue) => encodeResponse([true, payload, 0]);

describe('a call', () => {
  it('sends the session first and the parameters with their types, and returns the id', async () => {
    const { client, calls } = await frontend(() => success(7));
    expect(await client.vm.allocate('NAME="a"\nCPU=1', true)).toBe(7);
    expect(calls).toEqual([{ method: 'one.vm.allocate', params: ['oneadmin:secret', 'NAME="a"\nCPU=1', true] }]);
  });

  it('sends the fallback of what is left out', async () => {
    const { client, calls } = await frontend(() => success(7));
    await client.vm.deploy(7, 2);
    await client.vm.deploy(7, 2, undefined, 100);
    expect(calls.map(({ params }) => params.slice(1))).toEqual([
      [7, 2, false, -1, ''],
      [7, 2, false, 100, ''],
    ]);
  });

  it('shows a document through its view', async () => {
    const { client } = await frontend(() =>
      success(
        '<VM><ID>7</ID><NAME>web</NAME><STATE>3</STATE><LCM_STATE>3</LCM_STATE>' +
          '<TEMPLATE><NIC><IP><![CDATA[10.0.0.4]]></IP></NIC></TEMPLATE>' +
          '<HISTORY_RECORDS><HISTORY><HOSTNAME>a</HOSTNAME></HISTORY><HISTORY><HOSTNAME>b</HOSTNAME></HISTORY></HISTORY_RECORDS></VM>',
      ),
    );
    const vm = await client.vm.info(7);
    expect(vm).toMatchObject({ id: 7, name: 'web', isRunning: true, hostName: 'b', addresses: ['10.0.0.4'] });
  });

  it('lists the objects of a pool and leaves the quotas beside them out', async () => {
    const { client } = await frontend(() =>
      success('<USER_POOL><USER><ID>0</ID></USER><QUOTAS><ID>0</ID></QUOTAS><USER><ID>2</ID></USER></USER_POOL>'),
    );
    expect([...(await client.userpool.info())].map(({ id }) => id)).toEqual([0, 2]);
  });

  it('goes over one connection after the other has ended', async () => {
    const { client, sockets } = await frontend(() => success('7.4.0'));
    await client.system.version();
    await client.system.version();
    expect(sockets.size).toBe(1);
  });

  it('can be made by its full name', async () => {
    const { client, calls } = await frontend(() => success('<HOOK_POOL></HOOK_POOL>'));
    expect(await client.call('one.hookpool.info', -2)).toBe('<HOOK_POOL></HOOK_POOL>');
    expect(calls[0]).toEqual({ method: 'one.hookpool.info', params: ['oneadmin:secret', -2] });
  });
});

describe('a failure', () => {
  it('carries code, method and words of OpenNebula', async () => {
    const message = '[one.vm.info] Error getting virtual machine [7].';
    const { client } = await frontend(() => encodeResponse([false, message, 1024, 7, -1]));
    const error = await client.vm.info(7).catch((thrown: unknown) => thrown as OneApiError);
    expect(error).toBeInstanceOf(OneApiError);
    expect(error).toMatchObject({ code: 1024, method: 'one.vm.info', message });
    expect((error as OneApiError).is('NO_EXISTS')).toBe(true);
  });

  it('names the fault of a malformed call', async () => {
    const { client } = await frontend(() => encodeFault(new XmlRpcFault(-506, "Method 'one.x' not defined")));
    await expect(client.call('one.x')).rejects.toMatchObject({ code: 'CALL_FAULT', data: { code: -506 } });
  });

  it.each([
    ['another page', (response: ServerResponse) => response.writeHead(404).end('nothing'), 'ENDPOINT_NOT_OPENNEBULA'],
    ['another language', (response: ServerResponse) => response.end('<html></html>'), 'ENDPOINT_NOT_OPENNEBULA'],
    ['half an answer', (response: ServerResponse) => response.socket?.destroy(), 'ENDPOINT_UNREACHABLE'],
  ])('says so when the endpoint gives %s', async (_title, reply, code) => {
    const endpoint = await listen((_request, response) => reply(response));
    await expect(createClient({ endpoint, session: 'a:b' }).system.version()).rejects.toMatchObject({ code });
  });

  it('names the endpoint where nothing listens', async () => {
    const client = createClient({ endpoint: 'http://127.0.0.1:1/RPC2', session: 'a:b' });
    const error = await client.system.version().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OnedockError);
    expect(error).toMatchObject({ code: 'ENDPOINT_UNREACHABLE', retry: true });
  });

  it('ends a call that is not answered in time', async () => {
    const endpoint = await listen(() => {});
    const client = createClient({ endpoint, session: 'a:b', timeoutSeconds: 0.05 });
    await expect(client.system.version()).rejects.toMatchObject({ code: 'CALL_TIMED_OUT' });
  });

  it('ends a call when the signal is aborted, with the reason of the signal', async () => {
    const abort = new AbortController();
    const endpoint = await listen(() => abort.abort(new Error('enough')));
    const client = createClient({ endpoint, session: 'a:b', signal: abort.signal });
    await expect(client.system.version()).rejects.toThrow('enough');
  });
});
