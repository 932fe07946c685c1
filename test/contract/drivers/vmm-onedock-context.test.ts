/** What a context does in containers of all kinds: with a shell and without, as root and as another user. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noDockerHost } from '../../support/docker-host.ts';
import type { ImageName, TestCloudHost } from '../../support/test-cloud-host.ts';
import { startVmmHost, type VmmDriver, type VmmHost } from '../../support/vmm-driver.ts';

describe.skipIf(noDockerHost())('the context of a VM', () => {
  let started: VmmHost;
  let host: TestCloudHost;
  let vmm: VmmDriver;
  let nextId = 5;
  let id: number;

  beforeAll(async () => {
    started = await startVmmHost('in process');
    ({ host, vmm } = started);
  });
  afterAll(() => started?.[Symbol.asyncDispose]());
  beforeEach(() => {
    id = nextId++;
  });

  const deploy = async (image: ImageName, context: Record<string, string>, files: Record<string, string> = {}) => {
    await host.placeDisks(id, image);
    await placeFiles(files);
    await vmm.deploy({ id, context: { DISK_ID: '1', ...context } });
  };
  /** As the transfer driver leaves them. */
  const placeFiles = async (files: Record<string, string>) => {
    const place = `/var/lib/one/datastores/0/${id}/disk.1`;
    await host.sh(`mkdir -p ${place}`);
    for (const [name, content] of Object.entries(files)) {
      const encoded = Buffer.from(content).toString('base64');
      await host.sh(`echo ${encoded} | base64 -d >${place}/${name}`);
    }
  };
  const inside = (script: string) => host.inVm(id, script);
  const asRoot = (script: string) => host.sh(`docker exec -u 0 one-${id} /bin/sh -c '${script}'`);
  const checks = async (user: string, password: string) => {
    const hash = await asRoot(`sed -n "s/^${user}:\\([^:]*\\):.*/\\1/p" /etc/passwd`);
    const [, method, used] = hash.split('$');
    return hash === (await host.sh(`busybox mkpasswd -m sha512 -S '${used}' '${password}'`)) && method === '6';
  };

  it('makes a user with a password and keys, who may become root where sudo is', async () => {
    await deploy('shell', {
      USERNAME: 'ada',
      PASSWORD: "it's a secret",
      SSH_PUBLIC_KEY: 'ssh-ed25519 AAAA ada',
    });
    expect(await inside('id ada')).toBe('uid=1001(ada) gid=1001(ada) groups=1001(ada)');
    expect(await checks('ada', "it'\\''s a secret")).toBe(true);
    expect(await inside('cat /home/ada/.ssh/authorized_keys; stat -c %U:%a /home/ada/.ssh')).toBe(
      'ssh-ed25519 AAAA ada\nada:700',
    );
  });

  it('sets the password of root, in clear, in base64 or encrypted', async () => {
    await deploy('shell', { PASSWORD_BASE64: Buffer.from('hidden').toString('base64') });
    expect(await checks('root', 'hidden')).toBe(true);
    id = nextId++;
    await deploy('shell', { PASSWORD: 'no', CRYPTED_PASSWORD: '$6$salt$hash/of.it' });
    expect(await inside('head -n 1 /etc/passwd')).toBe('root:$6$salt$hash/of.it:0:0:root:/root:/bin/sh');
  });

  it('does so for images that run as another user', async () => {
    await deploy('app', { USERNAME: 'ada', CRYPTED_PASSWORD: '$6$salt$hash' });
    expect(await inside('grep -c ^ada: /etc/passwd')).toBe('1');
    expect(await inside('id -un')).toBe('app');
  });

  it('leaves images alone that have no users and no shell', async () => {
    await deploy('bare', { USERNAME: 'ada', PASSWORD: 'x', TIMEZONE: 'Europe/Madrid', SSH_PUBLIC_KEY: 'ssh-rsa A' });
    expect(await host.sh(`docker inspect -f '{{.State.Running}}' one-${id}`)).toBe('true');
  });

  it('refuses a name of a user that would be more than a name', async () => {
    await deploy('shell', { USERNAME: 'a:0:0::/:/bin/sh', PASSWORD: 'x' });
    expect(await inside('wc -l </etc/passwd')).toBe('2');
  });

  it('sets a time zone that the image knows', async () => {
    await deploy('shell', {
      TIMEZONE: 'Test/Zone',
      START_SCRIPT: 'mkdir -p /usr/share/zoneinfo/Test && echo TZ >/usr/share/zoneinfo/Test/Zone',
    });
    await expect.poll(() => inside('cat /usr/share/zoneinfo/Test/Zone || true')).toBe('TZ');
    expect(await inside('test -e /etc/timezone || echo unknown')).toBe('unknown');
    const changed = { id, context: { DISK_ID: '1', TIMEZONE: 'Test/Zone' } };
    await vmm.run('reconfigure', changed, 'hda', `/var/lib/one/datastores/0/${id}/disk.1`);
    expect(await inside('cat /etc/timezone /etc/localtime')).toBe('Test/Zone\nTZ');
  });

  it('runs the scripts among its files, then START_SCRIPT', async () => {
    await deploy(
      'shell',
      { FILES_DS: 'x', INIT_SCRIPTS: 'second.sh first.sh ../etc/passwd', START_SCRIPT: 'echo last >>/tmp/order' },
      { 'first.sh': 'echo first >>/tmp/order', 'second.sh': '#!/bin/sh\necho "second in $PWD" >>/tmp/order' },
    );
    await expect.poll(() => inside('cat /tmp/order')).toBe('second in /mnt\nfirst\nlast');
  });

  it('runs init.sh unless others are named', async () => {
    await deploy('shell', { FILES_DS: 'x' }, { 'init.sh': 'echo "$0" >/tmp/ran' });
    await expect.poll(() => inside('cat /tmp/ran')).toBe('/mnt/init.sh');
  });

  it('is applied anew to a running VM, but for what is done at its start', async () => {
    await deploy('web', { START_SCRIPT: 'echo ran >>/tmp/started' });
    await expect.poll(() => inside('cat /tmp/started || true')).toBe('ran');
    const context = {
      DISK_ID: '1',
      USERNAME: 'ada',
      CRYPTED_PASSWORD: '$6$s$one',
      START_SCRIPT: 'echo no >>/tmp/started',
    };
    const disk = `/var/lib/one/datastores/0/${id}/disk.1`;
    for (const wanted of ['$6$s$one', '$6$s$two']) {
      const changed = { id, context: { ...context, CRYPTED_PASSWORD: wanted } };
      await vmm.run('reconfigure', changed, 'hda', disk);
      expect(await inside('grep ^ada: /etc/passwd')).toBe(`ada:${wanted}:1001:1001::/home/ada:/bin/sh`);
    }
    expect(await inside('cat /tmp/started')).toBe('ran');
  });

  it('tells OneGate that the VM is ready, when its script finds it so', async () => {
    await host.sh(
      'ip link add vmbr9 type bridge forward_delay 0; ip link set vmbr9 up; ip address add 10.9.9.1/24 dev vmbr9',
    );
    // Its input stays open: at the end of it nc would hang up, which may be before the request has come.
    await host.sh('(tail -f /dev/null | busybox nc -l -p 5030) >/tmp/onegate-request 2>/dev/null </dev/null &');
    await host.placeDisks(id, 'web');
    await placeFiles({ 'token.txt': 'secret' });
    const context = {
      DISK_ID: '1',
      VMID: `${id}`,
      REPORT_READY: 'YES',
      READY_SCRIPT: 'until test -e /is-ready; do sleep 0.1; done',
      ONEGATE_ENDPOINT: 'http://10.9.9.1:5030',
    };
    const nics = [{ BRIDGE: 'vmbr9', IP: '10.9.9.5', MAC: '02:00:0a:09:09:05' }];
    await vmm.deploy({ id, context, nics });
    const request = () => host.sh('cat /tmp/onegate-request');
    expect(await request()).toBe('');
    await inside('touch /is-ready');
    await expect.poll(request).toContain('READY=YES');
    const [head, ...headers] = (await request()).split(/\r?\n/);
    expect(head).toBe('PUT /vm HTTP/1.0');
    expect(headers).toContain('X-ONEGATE-TOKEN: secret');
    expect(headers).toContain(`X-ONEGATE-VMID: ${id}`);
  });
});
