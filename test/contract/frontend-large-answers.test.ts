/** Answers of many megabytes: they arrive whole, and others are answered before they end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../src/frontend/xmlrpc/server.ts';
import { openChannel } from '../../src/opennebula/client/http.ts';
import { decodeResponse, EscapedText, encodeCall } from '../../src/opennebula/xmlrpc.ts';

const PARTS = 1500;
const PART = 'x'.repeat(10_000);

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
      methods: new Map([method('large'), method('small')]),
      async invoke({ name }) {
        if (name === 'large') return large;
        madeBefore = made;
        return 'small';
      },
    },
  });
});

afterAll(() => server[Symbol.asyncDispose]());

describe('a large answer', () => {
  const ask = async (method: string) => {
    using channel = openChannel({ endpoint: server.url, timeoutSeconds: 60 });
    const { body } = await channel.post(method, encodeCall(method, ['session']));
    return decodeResponse(body);
  };

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
