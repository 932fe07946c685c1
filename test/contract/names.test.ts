/** The name server over the network, asked by Node's own resolver. */
import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDirectory } from '../../src/names/directory.ts';
import { type NameServerOptions, serveNames } from '../../src/names/name-server.ts';
import { parseXml } from '../../src/opennebula/xml.ts';

const network = {
  id: 1,
  name: 'private',
  element: parseXml('<VNET><TEMPLATE><DNS_ZONE>lab</DNS_ZONE></TEMPLATE></VNET>'),
};
const vm = (name: string, last: number) => ({
  id: last,
  name,
  element: parseXml(`<VM><TEMPLATE><NIC><NETWORK_ID>1</NETWORK_ID><IP>10.9.0.${last}</IP></NIC></TEMPLATE></VM>`),
});

describe('serveNames', () => {
  let ended: AbortController;
  let served: Promise<void> | undefined;
  let vms = [vm('web', 5)];

  beforeEach(() => {
    ended = new AbortController();
    vms = [vm('web', 5)];
  });
  afterEach(async () => {
    ended.abort();
    await served;
  });

  async function bound(): Promise<Socket> {
    const socket = createSocket('udp4');
    socket.bind({ address: '127.0.0.1', port: 0 });
    await once(socket, 'listening');
    return socket;
  }

  async function start(options: Partial<NameServerOptions> = {}) {
    const socket = await bound();
    const { port } = socket.address();
    const read = async () => makeDirectory([network], vms);
    served = serveNames({ sockets: [socket], read, servers: [], log: () => {}, freshMs: 0, ...options }, ended.signal);
    const resolver = new Resolver({ timeout: 30_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${port}`]);
    return { resolver, port };
  }

  it('tells addresses, and the names of addresses', async () => {
    const { resolver } = await start();
    expect(await resolver.resolve4('web.lab')).toEqual(['10.9.0.5']);
    expect(await resolver.reverse('10.9.0.5')).toEqual(['web.lab']);
    await expect(resolver.resolve4('db.lab')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolve6('web.lab')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('knows of VMs that come and go', async () => {
    const { resolver } = await start();
    expect(await resolver.resolve4('web.lab')).toEqual(['10.9.0.5']);
    vms = [vm('db', 6)];
    await expect.poll(() => resolver.resolve4('db.lab').catch(String)).toEqual(['10.9.0.6']);
    await expect(resolver.resolve4('web.lab')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('reads once for many who ask at the same time', async () => {
    let reads = 0;
    const read = async () => {
      reads++;
      return makeDirectory([network], vms);
    };
    const { resolver } = await start({ read, freshMs: 60_000 });
    await Promise.all(Array.from({ length: 50 }, () => resolver.resolve4('web.lab')));
    expect(reads).toBe(1);
  });

  it('refuses what it does not know where nobody else is asked, and goes on after nonsense', async () => {
    const { resolver, port } = await start();
    await expect(resolver.resolve4('example.org')).rejects.toMatchObject({ code: 'EREFUSED' });
    const other = await bound();
    for (const nonsense of ['', 'x', 'x'.repeat(600)])
      await new Promise((sent) => other.send(nonsense, port, '127.0.0.1', sent));
    other.close();
    expect(await resolver.resolve4('web.lab')).toEqual(['10.9.0.5']);
  });

  it('says nothing to answers, so that two servers do not go on for ever', async () => {
    const { port } = await start();
    const other = await bound();
    const heard: Buffer[] = [];
    other.on('message', (message) => heard.push(message));
    const header = (flags: number) => Buffer.from([0, 9, flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    other.send(header(0x84), port, '127.0.0.1');
    other.send(header(0x01), port, '127.0.0.1');
    await expect.poll(() => heard.length).toBe(1);
    expect(heard[0]?.readUInt16BE(2)).toBe(0x8581);
    other.close();
  });

  it('says that it failed while OpenNebula does not answer, and goes on after that', async () => {
    let fails = true;
    const said: string[] = [];
    const read = async () => {
      if (fails) throw new Error('no answer');
      return makeDirectory([network], vms);
    };
    const { resolver } = await start({ read, log: (text) => said.push(text) });
    await expect(resolver.resolve4('web.lab')).rejects.toMatchObject({ code: 'ESERVFAIL' });
    expect(said).toEqual(['Names of VMs could not be read: no answer']);
    fails = false;
    expect(await resolver.resolve4('web.lab')).toEqual(['10.9.0.5']);
  });

  it('ends when nobody has asked for a while', async () => {
    await start({ idleSeconds: 0.05 });
    await served;
  });
});
