/** Answers of many megabytes: they arrive whole, and others are answered before they end. Calls of many are refused. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../src/frontend/xmlrpc/server.ts';
import { openChannel } from '../../src/opennebula/client/http.ts';
import { decodeResponse, EscapedText, encodeCall } from '../../src/opennebula/xmlrpc.ts';

const PARTS = 1500;
const PART = 'x'.repeat(10_000);

/** Characters of one, two, three and four bytes. */
const FOREIGN = 'a · ü · € · 🐧';

let server: RunningServer;
let made = 0;
/** How much of the large answer had been made when the small one was asked for. */
let madeBefore = 0;

const large = new EscapedText({
  *[Symbol.iterator]() {
    for (made = 0; made < PARTS; made++) yield PART;
  },
});

beforeAll(async () => {
  const method = (name: string) => [name, { name, params: {}, help: '' }] as const;
  server = await startServer({
    port: 0,
    address: '127.0.0.1',
    exposed: {
      methods: new Map([method('large'), method('small'), method('foreign'), method('large foreign')]),
      async invoke({ name }) {
        if (name === 'large') return large;
        if (name === 'foreign') return FOREIGN;
        if (name === 'large foreign') return new EscapedText([PART, FOREIGN, ...Array(40).fill(PART), FOREIGN]);
        madeBefore = made;
        return 'small';
      },
    },
  });
});

afterAll(() => server[Symbol.asyncDispose]());

const ask = async (method: string) => {
  using channel = openChannel({ endpoint: server.url, timeoutSeconds: 60 });
  const { body } = await channel.post(method, encodeCall(method, ['session']));
  return decodeResponse(body);
};

describe('a large answer', () => {
  it('arrives whole', async () => {
    expect(await ask('large')).toHaveLength(PARTS * PART.length);
  });

  it('lets others be answered before it is made', async () => {
    const order: string[] = [];
    const note = async (method: string) => {
      await ask(method);
      order.push(method);
    };
    await Promise.all([note('large'), note('small')]);
    expect(order).toEqual(['small', 'large']);
    expect(madeBefore).toBeLessThan(PARTS);
  });

  it('is given up when the client goes', async () => {
    const response = await fetch(server.url, { method: 'POST', body: encodeCall('large', ['session']) });
    await response.body?.cancel();
    expect(await ask('small')).toBe('small');
    await expect.poll(() => made < PARTS).toBe(true);
  });
});

describe('an answer in any script', () => {
  it('arrives as it was given, and its length is told in bytes', async () => {
    const response = await fetch(server.url, { method: 'POST', body: encodeCall('foreign', ['session']) });
    const body = await response.text();
    expect(decodeResponse(body)).toBe(FOREIGN);
    expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(body));
  });

  it('arrives in pieces, too', async () => {
    expect(await ask('large foreign')).toBe(`${PART}${FOREIGN}${PART.repeat(40)}${FOREIGN}`);
  });
});

describe('a call', () => {
  it('that is larger than any template is refused, and others go on', async () => {
    const response = await fetch(server.url, { method: 'POST', body: 'x'.repeat(17 * 1024 * 1024) });
    expect([response.status, await response.text()]).toEqual([413, expect.stringContaining('Content Too Large')]);
    expect(await ask('small')).toBe('small');
  });

  it('that its client gives up half way keeps nobody else', async () => {
    const given = connect(server.port, '127.0.0.1');
    given.write('POST /RPC2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n<methodCall>');
    given.resume().end();
    await once(given, 'close');
    expect(await ask('small')).toBe('small');
  });
});
