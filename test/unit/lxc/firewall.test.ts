import { describe, expect, it } from 'vitest';
import { ensureFirewall, firewallText, listFirewalls, removeFirewall } from '../../../lxc/firewall.ts';
import { bridgeName, linkPrefix } from '../../../lxc/names.ts';
import { RecordingTransport } from '../../support/recording-transport.ts';

const SPEC = { sandbox: 'my-cloud', management: '10.140.0.0/24', vms: '10.141.0.0/24' };

describe('firewallText', () => {
  it('replaces the whole table at once', () => {
    expect(firewallText(SPEC, true)).toMatch(
      /^add table ip onedock_my_cloud\ndelete table ip onedock_my_cloud\ntable ip/,
    );
  });

  it('translates addresses of the management network on the way out, where machines reach the Internet', () => {
    const rule = `ip saddr 10.140.0.0/24 oifname != "${bridgeName('my-cloud', 'management')}" masquerade`;
    expect(firewallText(SPEC, true)).toContain(rule);
    expect(firewallText(SPEC, false)).not.toContain('masquerade');
  });
});

describe("rules for the user's own Docker", () => {
  const rule = (direction: string) => {
    const link = `${linkPrefix('my-cloud')}+`;
    return `DOCKER-USER ${direction} ${link} -m comment --comment onedock:my-cloud -j ACCEPT`;
  };

  it('are put into its chain where there is one', async () => {
    const local = new RecordingTransport({ 'iptables -w -S': '-N DOCKER-USER\n-A DOCKER-USER -j RETURN\n' });
    await ensureFirewall(local, SPEC, true);
    expect(local.lines).toContain(`iptables -w -I ${rule('-i')}`);
    expect(local.lines).toContain(`iptables -w -I ${rule('-o')}`);
  });

  it('are not put there twice', async () => {
    const listed = `-N DOCKER-USER\n-A ${rule('-i').replace('onedock:my-cloud', '"onedock:my-cloud"')}\n-A ${rule('-o')}\n`;
    const local = new RecordingTransport({ 'iptables -w -S': listed });
    await ensureFirewall(local, SPEC, true);
    expect(local.lines.filter((line) => line.startsWith('iptables -w -I'))).toEqual([]);
  });

  it('are not missed where there is no Docker', async () => {
    const local = new RecordingTransport({ 'iptables -w -S': { exitCode: 1 } });
    await ensureFirewall(local, SPEC, true);
    await removeFirewall(local, 'my-cloud');
    expect(local.lines.filter((line) => /^iptables -w -[ID]/.test(line))).toEqual([]);
  });

  it('are taken away again, and no others', async () => {
    const listed = `-A ${rule('-i')}\n-A ${rule('-o')}\n-A DOCKER-USER -j RETURN\n`;
    const local = new RecordingTransport({ 'iptables -w -S': listed });
    await removeFirewall(local, 'my-cloud');
    expect(local.lines.filter((line) => line.startsWith('iptables -w -D'))).toEqual([
      `iptables -w -D ${rule('-i')}`,
      `iptables -w -D ${rule('-o')}`,
    ]);
  });
});

it('listFirewalls tells the sandboxes that have a table', async () => {
  const tables = [{ metainfo: {} }, { table: { name: 'filter' } }, { table: { name: 'onedock_my_cloud' } }];
  const local = new RecordingTransport({ 'nft -j': JSON.stringify({ nftables: tables }) });
  expect(await listFirewalls(local)).toEqual(['my-cloud']);
});
