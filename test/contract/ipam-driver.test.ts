/** A driver of addresses in a remotes folder: scripts that keep a book of addresses, as OpenNebula calls them. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFrontend, type Frontend } from 'onedock/frontend';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Client, createClient } from '../../src/opennebula/client/client.ts';
import { findAll, findText, parseXml } from '../../src/opennebula/xml.ts';

/** What `one_ipam` gives its scripts: the document in base64 on standard input, and an id. */
const PREAMBLE = `#!/bin/sh
document=$(base64 -d)
value() { printf %s "$document" | sed "s/.*<$1>\\(<!\\[CDATA\\[\\)\\{0,1\\}//; s/[]<].*//"; }
address=$(printf %s "$document" | sed 's/.*<ADDRESS>//')
ip=$(printf %s "$address" | sed 's/.*<IP>\\(<!\\[CDATA\\[\\)\\{0,1\\}//; s/[]<].*//')
book=$(dirname "$0")/book
note() { echo "$*" >> "$book"; }
`;

const SCRIPTS = {
  register_address_range: `note register "$(value SIZE)"
[ "$(value SIZE)" = 13 ] && { echo 'Thirteen is too many.' >&2; exit 1; }
echo 'AR=[TYPE="IP4",IP="192.0.2.10",SIZE="5",IPAM_MAD="book",BLOCK="b-1"]'
`,
  unregister_address_range: 'note unregister "$(value BLOCK)"\n',
  get_address: `count=$(grep -c '^get' "$book")
note get "$(printf %s "$address" | sed 's/.*<SIZE>\\(<!\\[CDATA\\[\\)\\{0,1\\}//; s/[]<].*//')"
echo "ADDRESS=[IP=192.0.2.$((10 + count))]"
`,
  allocate_address: `note allocate "$ip"
[ "$ip" = 192.0.2.14 ] && { echo 'Reserved by the book.' >&2; exit 1; }
exit 0
`,
  free_address: 'note free "$ip"\n',
};

let folder: string;
let frontend: Frontend;
let client: Client;
let net: number;

const call = <T = number>(method: string, ...params: readonly (string | number | boolean)[]) =>
  client.call(method, ...params) as Promise<T>;
const book = async () => (await readFile(join(folder, 'remotes/ipam/book/book'), 'utf8')).trim().split('\n');
const VM = 'CPU=1\nMEMORY=64\n';
const ipsOf = async (vm: number) =>
  findAll(parseXml(await call<string>('one.vm.info', vm)), 'TEMPLATE/NIC').map((nic) => findText(nic, 'IP'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onedock-ipam-'));
  const scripts = join(folder, 'remotes/ipam/book');
  await mkdir(scripts, { recursive: true });
  await writeFile(join(scripts, 'book'), '');
  for (const [name, text] of Object.entries(SCRIPTS)) {
    await writeFile(join(scripts, name), PREAMBLE + text);
    await chmod(join(scripts, name), 0o755);
  }
  frontend = await createFrontend({ dataFolder: folder });
  client = createClient({ endpoint: frontend.url, session: frontend.session });
  net = await call('one.vn.allocate', 'NAME=n\nVN_MAD=dummy\nBRIDGE=b\nAR=[SIZE=9,IPAM_MAD=book]\n', -1);
});

afterAll(async () => {
  client?.[Symbol.dispose]();
  await frontend?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('a driver of addresses of one’s own', () => {
  it('says what a range is', async () => {
    const range = parseXml(await call<string>('one.vn.info', net));
    expect(findText(range, 'AR_POOL/AR/IP')).toBe('192.0.2.10');
    expect(findText(range, 'AR_POOL/AR/BLOCK')).toBe('b-1');
    expect(await book()).toEqual(['register 9']);
    await expect(call('one.vn.add_ar', net, 'AR=[SIZE=13,IPAM_MAD=book]')).rejects.toThrow('Thirteen is too many.');
    await expect(call('one.vn.add_ar', net, 'AR=[SIZE=1,IPAM_MAD=nosuch]')).rejects.toThrow("'nosuch' not available");
  });

  it('chooses addresses of VMs, and gets back those of VMs that go', async () => {
    const nic = `NIC=[NETWORK_ID=${net}]\n`;
    const vm = await call('one.vm.allocate', VM + nic + nic, true);
    expect(await ipsOf(vm)).toEqual(['192.0.2.10', '192.0.2.11']);
    await call('one.vm.action', 'terminate', vm);
    await vi.waitUntil(async () => (await book()).filter((line) => line.startsWith('free')).length === 2);
    expect((await book()).slice(-4)).toEqual(expect.arrayContaining(['free 192.0.2.10', 'free 192.0.2.11']));
  });

  it('is asked for an address that somebody wants, and may say no', async () => {
    const wanted = (ip: string) => `${VM}NIC=[NETWORK_ID=${net},IP=${ip}]\n`;
    const vm = await call('one.vm.allocate', wanted('192.0.2.13'), true);
    expect(await ipsOf(vm)).toEqual(['192.0.2.13']);
    await expect(call('one.vm.allocate', wanted('192.0.2.14'), true)).rejects.toThrow('Cannot get IP/MAC lease');
    await expect(call('one.vn.hold', net, 'LEASES=[IP=192.0.2.14]')).rejects.toThrow('in use');
    await call('one.vn.hold', net, 'LEASES=[IP=192.0.2.12]');
    expect((await book()).at(-1)).toBe('allocate 192.0.2.12');
    await call('one.vn.release', net, 'LEASES=[IP=192.0.2.12]');
    await vi.waitUntil(async () => (await book()).at(-1) === 'free 192.0.2.12');
  });

  it('gets back what it gave for something that is refused', async () => {
    const nic = (ip: string) => `NIC=[NETWORK_ID=${net},IP=${ip}]\n`;
    const template = VM + nic('192.0.2.11') + nic('198.51.100.1');
    await expect(call('one.vm.allocate', template, true)).rejects.toThrow('Cannot get IP/MAC lease');
    await vi.waitUntil(async () => (await book()).at(-1) === 'free 192.0.2.11');
  });

  it('is told of a range that goes', async () => {
    const range = await call('one.vn.add_ar', net, 'AR=[SIZE=3,IPAM_MAD=book]');
    expect(range).toBe(net);
    await call('one.vn.rm_ar', net, 1);
    expect((await book()).at(-1)).toBe('unregister b-1');
  });
});
