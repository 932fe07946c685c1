/** NICs of VMs that come and go, by the commands that a user types. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { describeSandbox } from '../support/test-sandbox.ts';

describeSandbox('NICs of VMs', () => {
  let cloud: CloudCommands;
  let vm: Vm;

  beforeAll(async () => {
    cloud = await CloudCommands.start();
    vm = await cloud.create('web');
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  const interfaces = () => cloud.inside(vm, 'ls /sys/class/net');
  const fetchPage = (address: string | undefined) =>
    fetch(`http://${address}/`, { signal: AbortSignal.timeout(2000) }).then((answer) => answer.status, String);
  const usedLeases = async () => (await cloud.client.vnpool.info()).objects[0]?.usedLeases;

  it('come to a running VM, which answers on the address at once, and tell it by its context', async () => {
    vm = await cloud.change('RUNNING', 'nic-attach', vm, '--network', 'vms');
    expect(await interfaces()).toBe('eth0\neth1\nlo');
    expect(vm.addresses).toHaveLength(2);
    for (const address of vm.addresses) await expect.poll(() => fetchPage(address)).toBe(200);
    expect(await cloud.inside(vm, 'grep ETH1_IP= /mnt/context.sh')).toBe(`ETH1_IP='${vm.addresses[1]}'`);
  });

  it('stay with a VM that is rebooted, and powered off and on again', async () => {
    const before = await interfaces();
    await cloud.change('RUNNING', 'reboot', vm);
    await expect.poll(() => fetchPage(vm.addresses[1])).toBe(200);
    await cloud.change('POWEROFF', 'poweroff', vm);
    await cloud.change('RUNNING', 'resume', vm);
    expect(await interfaces()).toBe(before);
    await expect.poll(() => fetchPage(vm.addresses[1])).toBe(200);
  });

  it('go from a running VM, which keeps the others, and their leases with them', async () => {
    expect(await usedLeases()).toBe(2);
    vm = await cloud.change('RUNNING', 'nic-detach', vm, '1');
    expect(await interfaces()).toBe('eth0\nlo');
    expect(vm.addresses).toHaveLength(1);
    expect(await usedLeases()).toBe(1);
    expect(await fetchPage(vm.addresses[0])).toBe(200);
    expect(await cloud.inside(vm, 'grep -c ETH1_IP= /mnt/context.sh || true')).toBe('0');
  });

  it('come and go while the VM is off', async () => {
    await cloud.change('POWEROFF', 'poweroff', vm);
    await cloud.change('POWEROFF', 'nic-attach', vm, '--network', 'vms');
    vm = await cloud.change('RUNNING', 'resume', vm);
    for (const address of vm.addresses) await expect.poll(() => fetchPage(address)).toBe(200);
    await cloud.change('POWEROFF', 'poweroff', vm);
    await cloud.change('POWEROFF', 'nic-detach', vm, (await nicIds()).at(-1) ?? '');
    vm = await cloud.change('RUNNING', 'resume', vm);
    expect(await interfaces()).toBe('eth0\nlo');
  });

  it('of a running VM can be changed by its context alone', async () => {
    const file = join(cloud.sandbox.folder, 'context.tmpl');
    await writeFile(
      file,
      'CONTEXT = [ NETWORK = "YES", GREETING = "good evening", SSH_PUBLIC_KEY = "ssh-ed25519 AAAALATER" ]\n',
    );
    await cloud.change('RUNNING', 'updateconf', vm, file);
    const greeting = () => cloud.inside(vm, '. /mnt/context.sh; echo "$GREETING"');
    await expect.poll(greeting).toBe('good evening');
    expect(await cloud.inside(vm, 'cat /root/.ssh/authorized_keys')).toBe('ssh-ed25519 AAAALATER');
  });

  it('of a VXLAN are in one L2 over all hosts, which is gone with the last of them', async () => {
    const file = join(cloud.sandbox.folder, 'private.net');
    const range = 'TYPE = "IP4_6_STATIC", IP = "10.20.0.10", IP6 = "2001:db8::10", PREFIX_LENGTH = "64", SIZE = "10"';
    await writeFile(
      file,
      `NAME = "private"\nVN_MAD = "vxlan"\nPHYDEV = "eth0"\nAUTOMATIC_VLAN_ID = "YES"\nAR = [ ${range} ]\n`,
    );
    await cloud.sandbox.one('onevnet', 'create', file);
    const other = await cloud.create('other', 'NIC = [ NETWORK = "private" ]', 'host-2');
    await cloud.change('RUNNING', 'nic-attach', vm, '--network', 'private');
    for (const address of ['10.20.0.10', '2001:db8::10'])
      await expect
        .poll(() => cloud.inside(vm, `ping -c 1 -W 1 ${address} >/dev/null && echo answers || echo silent`), {
          timeout: 15_000,
        })
        .toBe('answers');
    expect(await cloud.leftovers('host-2')).toContain('network onebr');

    await cloud.change('RUNNING', 'nic-detach', vm, (await nicIds()).at(-1) ?? '');
    expect(await cloud.sandbox.on('host-1', 'ls', '/sys/class/net')).not.toContain('onebr');
    await cloud.terminate(other);
    expect(await cloud.leftovers('host-2')).toBe('');
  });

  it('have further addresses by aliases, which come to a running VM and go again', async () => {
    await cloud.change('RUNNING', 'nic-attach', vm, '--network', 'vms', '--alias', 'NIC0');
    const shown = JSON.parse(await cloud.sandbox.one('onevm', 'show', '--json', String(vm.id)));
    const [alias] = [shown.VM.TEMPLATE.NIC_ALIAS].flat() as { IP: string; NIC_ID: string }[];
    if (!alias) throw new Error('The VM has no alias.');
    await expect.poll(() => fetchPage(alias.IP)).toBe(200);
    await cloud.change('RUNNING', 'nic-detach', vm, alias.NIC_ID);
    expect(await cloud.inside(vm, 'ip -o address show')).not.toContain(`${alias.IP}/`);
    expect(await fetchPage(vm.addresses[0])).toBe(200);
  });

  it('have nothing left when the VM is gone', async () => {
    await cloud.terminate(vm);
    expect(await cloud.leftovers('host-1')).toBe('');
    expect(await usedLeases()).toBe(0);
  });

  async function nicIds(): Promise<string[]> {
    const shown = await cloud.sandbox.one('onevm', 'show', '--json', String(vm.id));
    const nics = [JSON.parse(shown).VM.TEMPLATE.NIC].flat() as { NIC_ID: string }[];
    return nics.map(({ NIC_ID }) => NIC_ID);
  }
});
