/** What agents of hosts have with the world: their place on the machine, and monitord. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSender } from '../../src/drivers/agent/send.ts';
import { endStanding, takeStanding } from '../../src/drivers/agent/standing.ts';

describe('the place of a host’s agent', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-agents-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** As an agent does: it leaves when it is told to. */
  async function occupy(hostId: number): Promise<{ readonly left: Promise<void> }> {
    const standing = await takeStanding(folder, hostId);
    const left = once(standing.signal, 'abort').then(() => standing[Symbol.asyncDispose]());
    return { left };
  }

  it('goes to the one that comes, after the one before has left', async () => {
    const first = await occupy(4);
    const second = await occupy(4);
    await first.left;
    await endStanding(folder, 4);
    await second.left;
    expect(await readdir(folder)).toEqual([]);
  });

  it('is each host’s own', async () => {
    const other = await occupy(10);
    await endStanding(folder, 1);
    expect(await readdir(folder)).toEqual(['10.sock']);
    await endStanding(folder, 10);
    await other.left;
  });

  it('is free when its agent was killed, and when there never was one', async () => {
    await writeFile(join(folder, '4.sock'), '');
    await (await takeStanding(folder, 4))[Symbol.asyncDispose]();
    await endStanding(join(folder, 'nowhere'), 4);
  });
});

describe('messages to monitord', () => {
  it('go as datagrams, but for states of VMs and what is too large', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const udp = createSocket('udp4');
    udp.bind(port, '127.0.0.1');
    await once(udp, 'listening');
    const connections: string[] = [];
    server.on('connection', async (socket) => connections.push(await text(socket)));
    const send = await openSender({ address: 'localhost', port, publicKeyFile: undefined }, 4);
    try {
      const datagram = once(udp, 'message');
      await send({ type: 'BEACON_HOST', isSuccess: true, text: 'x' });
      expect(String((await datagram)[0])).toMatch(/^BEACON_HOST SUCCESS 4 \d{10} \S+$/);
      await send({ type: 'STATE_VM', isSuccess: true, text: 'VM=[ID="1"]' });
      // Does not become smaller by zipping.
      const noise = Array.from({ length: 9000 }, (_, i) => Math.sin(i + 1)).join('');
      await send({ type: 'MONITOR_VM', isSuccess: true, text: noise });
      const types = () => connections.map((line) => line.split(' ')[0]).toSorted();
      await expect.poll(types).toEqual(['MONITOR_VM', 'STATE_VM']);
    } finally {
      udp.close();
      server.close();
    }
  });
});
