import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VnmAction } from '../../../src/drivers/contract/families.ts';
import { noDockerHost, type TestDockerHost } from '../../support/docker-host.ts';
import type { VmFields } from '../../support/vm-documents.ts';
import { startVnmHost, type VnmHost } from '../../support/vnm-host.ts';

const missing = noDockerHost();

const MAC = '02:00:00:00:07:07';
const NIC = { BRIDGE: 'vmbr7', MAC, IP: '10.7.0.7', IP6_GLOBAL: '2001:db8::7', SECURITY_GROUPS: '0' };
const EVERYTHING = (['INBOUND', 'OUTBOUND'] as const).map((RULE_TYPE) => ({
  PROTOCOL: 'ALL',
  RULE_TYPE,
  SECURITY_GROUP_ID: '0',
}));
const [, OUTBOUND] = EVERYTHING;
const inbound = (rule: Record<string, string>) => ({ RULE_TYPE: 'INBOUND', SECURITY_GROUP_ID: '100', ...rule });
const outbound = (rule: Record<string, string>) => ({ RULE_TYPE: 'OUTBOUND', SECURITY_GROUP_ID: '100', ...rule });

/**
 * A VM is a network namespace here, plugged in by a cable of the name that a VM's has; `peer` is a machine elsewhere. Each
 * answers by HTTP at the ports 80 and 8080, and by UDP at 53.
 */
describe.skipIf(missing)('filters of vnm/bridge', () => {
  let at: VnmHost;
  let host: TestDockerHost;

  beforeAll(async () => {
    at = await startVnmHost(`
      ip link add vmbr7 type bridge forward_delay 0 && ip link set vmbr7 up
      machine() {
        ip netns add $1 && ip link add $2 type veth peer name eth0 netns $1 && ip link set $2 master vmbr7 up
        ip -n $1 link set eth0 address $3 up && ip -n $1 link set lo up
        ip -n $1 address add $4/24 dev eth0 && ip -n $1 address add $5/64 dev eth0 nodad
        ip netns exec $1 ${process.execPath} -e ${quote(SERVER)} >/dev/null 2>&1 &
      }
      machine vm one-7-0 ${MAC} 10.7.0.7 2001:db8::7
      machine peer wire-peer 02:00:00:00:07:01 10.7.0.1 2001:db8::1
      ip -n peer address add 10.7.0.2/24 dev eth0`);
    ({ host } = at);
    for (const machine of ['vm', 'peer'])
      await vi.waitFor(async () => expect(await web(machine, '127.0.0.1')).toBe('passes'), 60_000);
  });
  afterAll(() => at?.[Symbol.asyncDispose]());
  beforeEach(() => host.sh(`${HELPER} nic-filter 7 </dev/null; echo nic one-7-0 | ${HELPER} nic-filter 7`));

  const run = (action: VnmAction, vm: Omit<VmFields, 'id'>, argv: readonly string[] = []) =>
    at.run('bridge', action, { id: 7, ...vm }, argv);
  const filter = (nic: Record<string, string>, rules: VmFields['rules'] = EVERYTHING, more: Partial<VmFields> = {}) =>
    run('pre', { nics: [{ ...NIC, ...nic }], rules, ...more });
  const follow = (...rules: Record<string, string>[]) => filter({ SECURITY_GROUPS: '100' }, rules);

  const tries = (machine: string, command: string) =>
    host.sh(`ip netns exec ${machine} ${command} >/dev/null 2>&1 && echo passes || echo stopped`);
  const ping = (machine: string, ...words: string[]) => tries(machine, `busybox ping -c 1 -W 1 ${words.join(' ')}`);
  const web = (machine: string, url: string) => tries(machine, `curl --noproxy '*' -gsm 1 http://${url}/`);
  const name = (machine: string, address: string, question = 'echo q') =>
    tries(
      machine,
      `bash -c 'exec 3<>/dev/udp/${address}/53; ${question} >&3; [ "$(timeout 1 head -c 8 <&3)" = answered ]'`,
    );
  const tables = () => host.sh('nft list table bridge onedock 2>/dev/null || true');

  it('are none where the default group lets everything through', async () => {
    await filter({});
    expect(await tables()).not.toContain('one-7-0');
    await expect.poll(() => ping('peer', '10.7.0.7')).toBe('passes');
    await expect.poll(() => web('peer', '10.7.0.7')).toBe('passes');
    await expect.poll(() => name('peer', '10.7.0.7')).toBe('passes');
  });

  describe('against borrowed addresses', () => {
    const borrow = (address: string) => host.sh(`ip -n vm address add ${address} dev eth0 nodad 2>/dev/null || true`);

    it('stop packets and ARP of another IP, and let those of the own pass', async () => {
      await borrow('10.7.0.9/24');
      await expect.poll(() => ping('vm', '-I 10.7.0.9 10.7.0.1')).toBe('passes');
      await filter({ FILTER_IP_SPOOFING: 'YES' });
      expect(await ping('vm', '-I 10.7.0.9 10.7.0.1')).toBe('stopped');
      await expect.poll(() => ping('vm', '-I 10.7.0.7 10.7.0.1')).toBe('passes');
      await host.sh('ip -n peer neigh flush dev eth0');
      expect(await ping('peer', '10.7.0.9')).toBe('stopped');
      expect(await host.sh('ip -n peer neigh show 10.7.0.9')).not.toContain(MAC);
      await expect.poll(() => ping('peer', '10.7.0.7')).toBe('passes');
    });

    it('stop another IPv6 address, also as what neighbours are told, and let the own and that of the link pass', async () => {
      await borrow('2001:db8::9/64');
      await filter({ FILTER_IP_SPOOFING: 'YES' });
      // The neighbour is known before: asking for it in the name of the wrong address would fail for a while.
      await expect.poll(() => ping('vm', '-I 2001:db8::7 2001:db8::1')).toBe('passes');
      expect(await ping('vm', '-I 2001:db8::9 2001:db8::1')).toBe('stopped');
      await expect.poll(() => ping('vm', '-I 2001:db8::7 2001:db8::1')).toBe('passes');
      await host.sh('ip -n peer -6 neigh flush dev eth0');
      expect(await ping('peer', '2001:db8::9')).toBe('stopped');
      expect(await host.sh('ip -n peer -6 neigh show 2001:db8::9')).not.toContain(MAC);
      await expect.poll(() => ping('peer', 'fe80::ff:fe00:707%eth0')).toBe('passes');
    });

    it('let the addresses of an alias pass while it is there', async () => {
      await borrow('10.7.0.9/24');
      const alias = { PARENT_ID: '0', IP: '10.7.0.9' };
      const nics = [{ ...NIC, FILTER_IP_SPOOFING: 'YES' }];
      await run('pre', { nics, rules: EVERYTHING });
      await run('pre', { nics, rules: EVERYTHING, aliases: [{ ...alias, ATTACH: 'YES' }] });
      await expect.poll(() => ping('vm', '-I 10.7.0.9 10.7.0.1')).toBe('passes');
      await run('clean', { nics, rules: EVERYTHING, aliases: [{ ...alias, ATTACH: 'YES' }] }, [host.address]);
      expect(await ping('vm', '-I 10.7.0.9 10.7.0.1')).toBe('stopped');
      await expect.poll(() => ping('vm', '-I 10.7.0.7 10.7.0.1')).toBe('passes');
    });

    it('stop frames of another MAC, and let those of the own pass', async () => {
      await filter({ FILTER_MAC_SPOOFING: 'YES' });
      await expect.poll(() => ping('vm', '10.7.0.1')).toBe('passes');
      await host.sh('ip -n vm link set eth0 address 02:00:00:00:07:66');
      expect(await ping('vm', '10.7.0.1')).toBe('stopped');
      await host.sh(`ip -n vm link set eth0 address ${MAC}`);
      await expect.poll(() => ping('vm', '10.7.0.1')).toBe('passes');
    });
  });

  describe('of security groups', () => {
    it('let in what a rule accepts, and the answers to what the VM asks, and nothing else', async () => {
      await follow(inbound({ PROTOCOL: 'TCP', RANGE: '22,80:90' }), { ...OUTBOUND, SECURITY_GROUP_ID: '100' });
      await expect.poll(() => web('peer', '10.7.0.7')).toBe('passes');
      expect(await web('peer', '10.7.0.7:8080')).toBe('stopped');
      expect(await ping('peer', '10.7.0.7')).toBe('stopped');
      expect(await name('peer', '10.7.0.7')).toBe('stopped');
      await expect.poll(() => web('vm', '10.7.0.1:8080')).toBe('passes');
      await expect.poll(() => ping('vm', '10.7.0.1')).toBe('passes');
      await expect.poll(() => name('vm', '10.7.0.1')).toBe('passes');
      await expect.poll(() => ping('vm', '2001:db8::1')).toBe('passes');
      await expect.poll(() => web('vm', '[2001:db8::1]')).toBe('passes');
      expect(await ping('peer', '2001:db8::7')).toBe('stopped');
    });

    it('let out what a rule accepts, and the answers to what the VM is asked', async () => {
      await follow(inbound({ PROTOCOL: 'ALL' }), outbound({ PROTOCOL: 'UDP', RANGE: '53' }));
      await expect.poll(() => web('peer', '10.7.0.7')).toBe('passes');
      await expect.poll(() => ping('peer', '10.7.0.7')).toBe('passes');
      await expect.poll(() => name('vm', '10.7.0.1')).toBe('passes');
      expect(await web('vm', '10.7.0.1')).toBe('stopped');
      expect(await ping('vm', '10.7.0.1')).toBe('stopped');
    });

    it('let in what comes in fragments', async () => {
      await follow(inbound({ PROTOCOL: 'UDP', RANGE: '53' }));
      await expect.poll(() => name('peer', '10.7.0.7')).toBe('passes');
      await expect.poll(() => name('peer', '10.7.0.7', 'head -c 4000 /dev/zero')).toBe('passes');
    });

    it('close both directions where a group has no rules', async () => {
      await follow();
      expect(await web('peer', '10.7.0.7')).toBe('stopped');
      expect(await ping('vm', '10.7.0.1')).toBe('stopped');
    });

    it('know types of ICMP, for both families', async () => {
      await follow(inbound({ PROTOCOL: 'ICMP', ICMP_TYPE: '8' }), inbound({ PROTOCOL: 'ICMPV6', ICMPV6_TYPE: '128' }));
      await expect.poll(() => ping('peer', '10.7.0.7')).toBe('passes');
      await expect.poll(() => ping('peer', '2001:db8::7')).toBe('passes');
      await follow(inbound({ PROTOCOL: 'ICMP', ICMP_TYPE: '13' }), inbound({ PROTOCOL: 'ICMPV6', ICMPV6_TYPE: '1' }));
      expect(await ping('peer', '10.7.0.7')).toBe('stopped');
      expect(await ping('peer', '2001:db8::7')).toBe('stopped');
    });

    it('know ranges of peers, by IP and SIZE as by the addresses of a network', async () => {
      const near = { PROTOCOL: 'ALL', IP: '10.7.0.2', SIZE: '20' };
      await follow(inbound(near), outbound({ PROTOCOL: 'ICMP', NETWORK_ID: '3', IP: '10.7.0.1', SIZE: '1' }));
      await expect.poll(() => ping('peer', '-I 10.7.0.2 10.7.0.7')).toBe('passes');
      expect(await ping('peer', '-I 10.7.0.1 10.7.0.7')).toBe('stopped');
      await expect.poll(() => ping('vm', '10.7.0.1')).toBe('passes');
      expect(await ping('vm', '10.7.0.2')).toBe('stopped');
      await follow(inbound({ PROTOCOL: 'ICMPV6', NETWORK_ID: '3', IP6_GLOBAL: '2001:db8::1', SIZE: '8' }));
      await expect.poll(() => ping('peer', '2001:db8::7')).toBe('passes');
      expect(await ping('peer', '10.7.0.7')).toBe('stopped');
      await follow(inbound({ PROTOCOL: 'ALL', NETWORK_ID: '4', SIZE: '8', MAC: '02:00:00:00:00:01' }));
      expect(await ping('peer', '10.7.0.7')).toBe('stopped');
    });

    it('change while a connection lasts, which stays', async () => {
      const web80 = inbound({ PROTOCOL: 'TCP', RANGE: '80' });
      await follow(web80);
      const talk = `(printf 'GET / HTTP/1.0\\r\\n'; read go </tmp/go; printf '\\r\\n') | busybox nc 10.7.0.7 80 | grep -c HTTP`;
      await host.sh('rm -f /tmp/go /tmp/said; mkfifo /tmp/go');
      const said = host.sh(`ip netns exec peer sh -c ${quote(talk)}`);
      await expect.poll(() => host.sh('ip netns exec vm ss -Htn state established | wc -l')).not.toBe('0');
      await run('update_sg', { nics: [{ ...NIC, SECURITY_GROUPS: '100' }], rules: [] }, ['one-7']);
      expect(await web('peer', '10.7.0.7')).toBe('stopped');
      await host.sh('echo go >/tmp/go');
      expect(await said).toBe('1');
      await run('update_sg', { nics: [{ ...NIC, SECURITY_GROUPS: '0,100' }], rules: [web80, ...EVERYTHING] }, [
        'one-7',
      ]);
      expect(await tables()).not.toContain('one-7-0');
      await expect.poll(() => ping('peer', '10.7.0.7')).toBe('passes');
    });

    it('are refused where the host has no nftables, and nothing is let through by mistake', async () => {
      await host.sh('mount --bind /dev/null /usr/sbin/nft');
      const refused = follow(inbound({ PROTOCOL: 'TCP' }));
      await expect(refused).rejects.toThrow('install nftables');
      await host.sh('umount /usr/sbin/nft');
    });
  });

  it('come before the cable, for the NIC that is attached alone, and go with it', async () => {
    const strict = { ...NIC, SECURITY_GROUPS: '100' };
    await run('pre', { nics: [NIC, { ...strict, ATTACH: 'YES' }], rules: EVERYTHING });
    expect(await tables()).toContain('one-7-1');
    expect(await tables()).not.toContain('one-7-0');
    await run('clean', { nics: [NIC, { ...strict, ATTACH: 'YES' }], rules: EVERYTHING }, [host.address]);
    expect(await tables()).not.toContain('one-7');
    await run('pre', { nics: [NIC, strict], rules: EVERYTHING });
    await host.sh(`${HELPER} vm-remove 7`);
    expect(await tables()).not.toContain('one-7');
  });

  it.each([
    'mac 02:00:00:00:00:01',
    'nic one-8-0',
    'nic one-7-0\nmac 02:00',
    'nic one-7-0\naddress $(touch /pwned)',
    'nic one-7-0\naddress 10.0.0.1 }; flush ruleset',
    'nic one-7-0\nneighbour 10',
    'nic one-7-0\nclosed all',
    'nic one-7-0\naccept up all',
    'nic one-7-0\naccept in gre',
    'nic one-7-0\naccept in tcp ports=1-',
    'nic one-7-0\naccept in tcp ports=1}',
    'nic one-7-0\naccept in icmp ports=1',
    'nic one-7-0\naccept in icmp type=256',
    'nic one-7-0\naccept in all peers=10.0.0.1-*',
    'nic one-7-0\naccept in all drop',
    'nic one-7-0\ninclude "/etc/passwd"',
  ])('cannot be told %j', async (text) => {
    const said = await host.sh(`printf %s ${quote(`${text}\n`)} | ${HELPER} nic-filter 7 2>&1 && echo done || true`);
    expect(said).toMatch(/ is no |belongs to no|has no ports/);
    expect(await tables()).not.toContain('one-7');
  });
});

/** Answers by HTTP and UDP. */
const SERVER = `
for (const port of [80, 8080]) require('http').createServer((_, answer) => answer.end('hello')).listen(port, '::');
const names = require('dgram').createSocket('udp4').bind(53);
names.on('message', (_, from) => names.send('answered\\n', from.port, from.address));
`;

const HELPER = '/usr/lib/onedock/onedock-host-helper';

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
