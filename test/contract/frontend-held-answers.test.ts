/** A front-end at its port, asked for an object by clients that wait for news of it. */
import { createFrontend, type Frontend } from 'onedock/frontend';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Client, createClient } from '../../src/opennebula/client/client.ts';
import { waitForVm } from '../../src/opennebula/client/wait.ts';
import { encodeCall } from '../../src/opennebula/xmlrpc.ts';

const lines: string[] = [];
let frontend: Frontend;
let client: Client;
let image: number;

beforeAll(async () => {
  frontend = await createFrontend({ dummyHosts: 1, log: (line) => lines.push(line) });
  client = createClient({ endpoint: frontend.url, session: frontend.session });
  image = await client.image.allocate('NAME = "os"\nPATH = "/any"\nTYPE = "OS"\n', 1);
});

afterAll(async () => {
  client[Symbol.dispose]();
  await frontend[Symbol.asyncDispose]();
});

describe('an object that a client follows', () => {
  it('is shown at once, and then when it has changed', async () => {
    const follower = client.follow('image', image);
    expect((await follower.look(20)).name).toBe('os');
    expect(follower.holds).toBe(true);
    const next = follower.look(20);
    await client.image.rename(image, 'other');
    expect((await next).name).toBe('other');
  });

  it('is shown as it was when the time is over', async () => {
    const follower = client.follow('host', 0);
    const { name } = await follower.look(20);
    expect((await follower.look(1)).name).toBe(name);
  });

  it('is asked for once for each of its states on the way to the one that is waited for', async () => {
    const id = await client.vm.allocate('NAME = "a"\nCPU = "0.1"\nMEMORY = "16"\n');
    await waitForVm(client, id, 'RUNNING');
    const looks = lines.filter((line) => line.includes(`one.vm.info invoked ${id}`));
    expect(looks.length).toBeLessThan(10);
  });

  it('is refused to those who may not see it, also when they wait', async () => {
    await client.user.allocate('nobody', 'secret');
    using stranger = createClient({ endpoint: frontend.url, session: 'nobody:secret' });
    await expect(stranger.follow('image', image).look(20)).rejects.toThrow('Not authorized to perform USE IMAGE');
  });
});

describe('a front-end', () => {
  const ask = (call: string, headers: Record<string, string>) =>
    fetch(frontend.url, { method: 'POST', body: call, headers: { 'Content-Type': 'text/xml', ...headers } });

  it('tags no answer of clients that do not ask for it', async () => {
    const { headers } = await ask(encodeCall('one.image.info', [frontend.session, image]), {});
    expect(headers.get('etag')).toBeNull();
  });

  it.each([
    ['a pool', encodeCall('one.imagepool.info', ['oneadmin:x', -2, -1, -1])],
    ['what is no call', 'nonsense'],
  ])('answers at once who wants to wait for %s', async (_, call) => {
    const { status, headers } = await ask(call, { Prefer: 'wait=20' });
    expect([status, headers.get('preference-applied')]).toEqual([200, null]);
  });

  it('lets nobody wait when it ends', async () => {
    const calls: string[] = [];
    await using other = await createFrontend({ dummyHosts: 1, log: (line) => calls.push(line) });
    using its = createClient({ endpoint: other.url, session: other.session });
    const follower = its.follow('host', 0);
    await follower.look(20);
    const held = follower.look(20);
    await vi.waitUntil(() => calls.filter((line) => line.includes('one.host.info invoked 0')).length > 1);
    await other[Symbol.asyncDispose]();
    expect((await held).name).toBe('dummy-1');
  });
});
