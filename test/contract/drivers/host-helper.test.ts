import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshTransport } from '../../../src/transport/ssh.ts';
import { noDockerHost, startDockerHost, type TestDockerHost } from '../../support/docker-host.ts';
import { HOSTILE } from '../../support/hostile.ts';

const missing = noDockerHost();
const HELPER = '/usr/lib/onedock/onedock-host-helper';
const DISKS = '/var/lib/one/datastores/0/5';

/** One entry of a PC's partition table, three empty ones, and its signature. */
const PARTITION_TABLE = `{ printf '\\0\\0\\0\\0\\203\\0\\0\\0\\0\\010\\0\\0\\0\\100\\0\\0'; head -c 48 /dev/zero; printf '\\125\\252'; }`;

describe.skipIf(missing)('onedock-host-helper', () => {
  let host: TestDockerHost;
  let ssh: SshTransport;

  beforeAll(async () => {
    host = await startDockerHost();
    ssh = new SshTransport(host.ssh);
    await host.sh(
      `mkdir -p ${DISKS} && echo docker://x >${DISKS}/disk.0 && truncate -s 20M ${DISKS}/disk.1 && chown -R oneadmin /var/lib/one`,
    );
  });
  afterAll(async () => {
    await ssh?.[Symbol.asyncDispose]();
    await host?.[Symbol.asyncDispose]();
  });

  /** As drivers call it: the SSH user, by sudo. */
  async function helper(argv: readonly string[], stdin = '') {
    const { stdout, stderr, exitCode } = await ssh.run(['sudo', '-n', HELPER, ...argv], {
      stdin,
      acceptExitCodes: [0, 1, 2],
    });
    return { stdout, stderr: stderr.trim(), exitCode };
  }
  const prepare = (...argv: string[]) => helper(['vm-prepare', '5', '/bin/busybox', 'closed', ...argv]);

  describe('arguments that are not what they should be', () => {
    const numbers = HOSTILE;
    const names = HOSTILE.filter((text) => !['99999999999999999999'].includes(text));

    it.each(numbers)('is no VM: %j', async (text) => {
      for (const verb of [
        'vm-release',
        'vm-remove',
        'vm-end',
        'vm-connect',
        'vm-open',
        'nic-plug',
        'nic-unplug',
        'vxlan-ensure',
        'vlan-ensure',
        'disk-attach',
        'disk-detach',
        'disk-grow',
        'vm-hold',
        'vm-free',
        'vm-pack',
        'vm-unpack',
        'vm-settle',
      ])
        expect(await helper([verb, text, text, text, text, text, text])).toMatchObject({ exitCode: 1, stdout: '' });
    });

    it.each([...HOSTILE, 'a'.repeat(63), `${'a'.repeat(63)}/`, 'A'.repeat(64)])('is no container: %j', async (text) => {
      expect(await helper(['vm-end', '5', text])).toMatchObject({ exitCode: 1, stdout: '' });
      expect(await helper(['vm-remove', '5', text])).toMatchObject({ exitCode: 1, stdout: '' });
    });

    it.each([...names, 'a'.repeat(16), 'a/b', '.', '..'])('is no bridge: %j', async (text) => {
      if (/^(007|5\.0)$/.test(text)) return;
      expect(await helper(['bridge-ensure', text])).toMatchObject({ exitCode: 1, stdout: '' });
      expect(await host.sh('ls /sys/class/net')).not.toContain(text === '' ? '(' : `${text}(`);
    });

    it.each(HOSTILE)('is no disk: %j', async (text) => {
      expect(await helper(['disk-format', text, 'ext4'])).toMatchObject({ exitCode: 1, stdout: '' });
      expect(await helper(['disk-attach', '5', text, `${DISKS}/disk.1`, 'rw'])).toMatchObject({
        exitCode: 1,
        stdout: '',
      });
      expect(await prepare('disk', '1', text, 'rw')).toMatchObject({ exitCode: 1, stdout: '' });
      expect(await prepare('image', text)).toMatchObject({ exitCode: 1, stdout: '' });
    });

    it.each([
      ...HOSTILE.filter((text) => text !== ''),
      '1000:1000',
      '0-1000-1',
      '0-1000-1:',
      '0-1000-1,:0-1000-1',
      '0-1000:0-1000',
      '0-1000-1-1:0-1000-1',
      '0-1000-x:0-1000-1',
      '0-1000-1:0-1000-1:0-1000-1',
      '0-1000-1\n:0-1000-1',
    ])('are no users and groups: %j', async (text) => {
      for (const argv of [
        ['disk-attach', '5', '1', `${DISKS}/disk.1`, `rw:${text}`],
        ['disk-grow', '5', '1', `rw:${text}`],
      ]) {
        const { exitCode, stderr } = await helper(argv);
        expect(exitCode).toBe(1);
        expect(stderr).toMatch(/^'.*' are no users and groups/s);
      }
      if (text === '1000:1000') return;
      expect((await prepare('root', text)).stderr).toMatch(/^'.*' is no user and group/s);
    });

    it.each(HOSTILE)('is no verb: %j', async (text) => {
      expect(await helper([text])).toMatchObject({ exitCode: 1, stdout: '' });
    });

    it.each(HOSTILE)('is no file of a VM: %j', async (text) => {
      const files = [`context/${text} QQ==\n`, `shim/${text} QQ==\n`, `${text} QQ==\n`];
      for (const file of files) {
        if (/^context\/(007|-1|5\.0|-rf|--help|9+|x+|5)( |\n)/.test(file)) continue;
        const { exitCode } = await helper(['vm-prepare', '5', '/bin/busybox', 'closed'], file);
        expect([file, exitCode]).toEqual([file, text === '5\n6' || text.startsWith('5 ') ? exitCode : 1]);
      }
    });

    it.each([
      'one-5-0',
      'one-5-0,vmbr0',
      'one-6-0,vmbr0,02:00:00:00:00:01,1500',
      'eth0,vmbr0,02:00:00:00:00:01,1500',
      'one-5-0,vmbr0,02:00:00:00:00:zz,1500',
      'one-5-0,vmbr0,02:00:00:00:00:01,9',
      'one-5-0,vmbr0,02:00:00:00:00:01,1500,address=10.0.0.1',
      'one-5-0,vmbr0,02:00:00:00:00:01,1500,address=$(id)/24',
      'one-5-0,vmbr0,02:00:00:00:00:01,1500,gateway=-4',
      'one-5-0,vmbr0,02:00:00:00:00:01,1500,route=10.0.0.0/8',
      'one-5-0,vmbr0,02:00:00:00:00:01,1500,gateway=10.0.0.1>x',
      'one-5-0,vmbr0,02:00:00:00:00:01,1500,gateway=10.0.0.1>',
      'one-5-0,vmbr0,02:00:00:00:00:01,automatic',
      'one-5-0,vmbr0,02:00:00:00:00:01,auto,inbound=100',
      'one-5-0,vmbr0,02:00:00:00:00:01,auto,inbound=0:64',
      'one-5-0,vmbr0,02:00:00:00:00:01,auto,outbound=1:2:3:4',
      'one-5-0,vmbr0,02:00:00:00:00:01,auto,outbound=1kbps:64',
      'one-5-0,vmbr0,02:00:00:00:00:01,auto,outbound=$(id):64',
      'one-5-0,vmbr0,02:00:00:00:00:01,auto,ip6=yes',
      'one-5-0,vmbr0,02:00:00:00:00:01,auto,dhcp=',
      'one-5-0,vmbr0,02:00:00:00:00:01,auto,dhcp=-1',
      'one-5-0,vmbr0,02:00:00:00:00:01,auto,exactly',
      'one-5-0,vmbr0,02:00:00:00:00:01,1500,down=yes',
      'one-5-0,vmbr0\nlink delete eth0,02:00:00:00:00:01,1500',
    ])('is no NIC: %j', async (nic) => {
      const { exitCode, stderr } = await helper(['vm-connect', '5', '1', 'open', nic]);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^'.*' is no/s);
    });

    const VXLAN = ['vxlan-ensure', '5', 'onebr.9', 'eth1', '9'];
    it.each([
      [...VXLAN],
      [...VXLAN, 'nic=one-6-0'],
      [...VXLAN, 'nic=one-5-0', 'mtu=big'],
      [...VXLAN, 'nic=one-5-0', 'group=-4'],
      [...VXLAN, 'nic=one-5-0', 'group=239.0.0.1 dev eth0'],
      [...VXLAN, 'nic=one-5-0', 'peer=$(touch /pwned)'],
      [...VXLAN, 'nic=one-5-0', 'ttl=1;2'],
      [...VXLAN, 'nic=one-5-0', 'dstport=65536'],
      [...VXLAN, 'nic=one-5-0', 'flag=external'],
      [...VXLAN, 'nic=one-5-0', 'endpoint=eth0'],
      [...VXLAN, 'nic=one-5-0', 'up'],
      ['vxlan-ensure', '5', 'onebr.9', 'eth1', '0', 'nic=one-5-0'],
      ['vxlan-ensure', '5', 'onebr.9', 'eth1', '16777216', 'nic=one-5-0'],
      ['vxlan-ensure', '5', '../x', 'eth1', '9', 'nic=one-5-0'],
      ['vxlan-ensure', '5', 'onebr.9', '-d', '9', 'nic=one-5-0'],
      ['vxlan-ensure', '5', 'onebr.9'],
      ['vlan-ensure', '5', 'onebr.9', 'eth1', '4095', 'nic=one-5-0'],
      ['vlan-ensure', '5', 'onebr.9', 'eth1', '9', 'nic=one-5-0', 'group=239.0.0.1'],
    ])('is no network: %j', async (...argv) => {
      const { exitCode, stderr } = await helper(argv);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/ is no |needs a VM|is made for a NIC/);
      expect(await host.sh('ls /sys/class/net; ls /run/onedock-networks 2>/dev/null || true')).not.toMatch(
        /onebr|eth1\./,
      );
    });

    it('is no process of the VM', async () => {
      const nic = 'one-5-0,vmbr0,02:00:00:00:00:01,1500';
      expect((await helper(['vm-connect', '5', '1', 'open', nic])).stderr).toBe('Process 1 is none of VM 5.');
    });

    it('did nothing on the way', async () => {
      expect(await host.sh('ls -d /pwned /tmp/pwned pwned 2>/dev/null || true')).toBe('');
      expect(await host.sh(`${HELPER} status`)).not.toContain('mount');
    });
  });

  describe('files', () => {
    it('are taken from the datastores only, whatever links lead there', async () => {
      await host.sh(
        `cp ${DISKS}/disk.1 /var/tmp/outside && ln -sf /var/tmp/outside ${DISKS}/disk.7; ln -sfn /etc ${DISKS}/disk.8`,
      );
      for (const path of [
        `${DISKS}/disk.7`,
        `${DISKS}/../../../../etc/passwd`,
        '/etc/passwd',
        `${DISKS}/disk.8/passwd`,
      ])
        expect(await prepare('disk', '7', path, 'rw')).toMatchObject({ exitCode: 1, stdout: '' });
      expect((await prepare('image', `${DISKS}/disk.8/passwd`)).stderr).toContain('lies outside of the datastores');
      expect((await prepare('context', `${DISKS}/disk.8`)).stderr).toContain('lies outside of the datastores');
      await host.sh(`rm /var/tmp/outside ${DISKS}/disk.7 ${DISKS}/disk.8`);
    });

    it('may be links within the datastores', async () => {
      await host.sh(
        `mkdir -p /var/lib/one/datastores/1 && echo here >/var/lib/one/datastores/1/x && ln -sf ../../1/x ${DISKS}/disk.6`,
      );
      expect(await prepare('image', `${DISKS}/disk.6`)).toMatchObject({ exitCode: 0, stdout: 'here\n' });
      await host.sh(`rm ${DISKS}/disk.6`);
    });

    it('of the context are copied, but nothing that a link among them names', async () => {
      await host.sh(
        `mkdir -p ${DISKS}/disk.9 && echo A >${DISKS}/disk.9/a && echo B >'${DISKS}/disk.9/b c' && ln -sf /etc/shadow ${DISKS}/disk.9/shadow`,
      );
      const context = Buffer.from("A='1'\n").toString('base64');
      await helper(
        ['vm-prepare', '5', '/bin/busybox', 'closed', 'context', `${DISKS}/disk.9`],
        `context/context.sh ${context}\n`,
      );
      expect(await host.sh('ls /var/lib/onedock/vms/5/context')).toBe('a\nb c\ncontext.sh');
      expect(await host.sh('cat /var/lib/onedock/vms/5/context/context.sh')).toBe("A='1'");
    });

    it('of an earlier start that are not named again are gone', async () => {
      await prepare();
      expect(await host.sh('ls /var/lib/onedock/vms/5/context')).toBe('');
    });
  });

  describe('disks', () => {
    it('get a file system when they are blank, and keep it', async () => {
      expect(await helper(['disk-format', `${DISKS}/disk.1`, 'ext4'])).toMatchObject({ exitCode: 0 });
      const uuid = await host.sh(`blkid -p -o value -s UUID ${DISKS}/disk.1`);
      await helper(['disk-format', `${DISKS}/disk.1`, 'xfs']);
      expect(await host.sh(`blkid -p -o value -s UUID ${DISKS}/disk.1`)).toBe(uuid);
    });

    it('that are partitioned are left alone, and cannot be mounted', async () => {
      await host.sh(
        `truncate -s 20M ${DISKS}/disk.2 && ${PARTITION_TABLE} | dd of=${DISKS}/disk.2 bs=1 seek=446 conv=notrunc status=none`,
      );
      expect((await prepare('disk', '2', `${DISKS}/disk.2`, 'rw')).stderr).toContain(
        'no file system that can be mounted',
      );
      await host.sh(`rm ${DISKS}/disk.2`);
    });

    it('that hold something nobody knows are not formatted', async () => {
      await host.sh(
        `truncate -s 20M ${DISKS}/disk.3 && echo precious | dd of=${DISKS}/disk.3 seek=100 conv=notrunc status=none`,
      );
      expect((await prepare('disk', '3', `${DISKS}/disk.3`, 'rw')).stderr).toContain(
        'no file system that can be mounted',
      );
      expect(await host.sh(`grep -a -o precious ${DISKS}/disk.3`)).toBe('precious');
    });

    it('are mounted once however often they are asked for, and unmounted, their loop devices free', async () => {
      for (const _ of [1, 2])
        expect(await helper(['disk-attach', '5', '1', `${DISKS}/disk.1`, 'rw'])).toMatchObject({ exitCode: 0 });
      expect(await host.sh('grep -c vms/5/media/1 /proc/self/mountinfo')).toBe('1');
      for (const _ of [1, 2]) expect(await helper(['disk-detach', '5', '1'])).toMatchObject({ exitCode: 0 });
      expect(await host.sh(`losetup -j ${DISKS}/disk.1`)).toBe('');
    });

    it('twenty at once are mounted', async () => {
      const ids = Array.from({ length: 20 }, (_, i) => 10 + i);
      for (const id of ids) await host.sh(`cp --sparse=always ${DISKS}/disk.1 ${DISKS}/disk.${id}`);
      const done = await Promise.all(
        ids.map((id) => helper(['disk-attach', '5', `${id}`, `${DISKS}/disk.${id}`, 'rw'])),
      );
      expect(done.map(({ stderr }) => stderr).filter((text) => text !== '')).toEqual([]);
      expect(await host.sh('grep -c vms/5/media/ /proc/self/mountinfo')).toBe('20');
    });

    it('are all let go with the VM', async () => {
      expect(await helper(['vm-remove', '5'])).toMatchObject({ exitCode: 0 });
      expect(await helper(['vm-remove', '5'])).toMatchObject({ exitCode: 0 });
      expect(await helper(['status'])).toMatchObject({ stdout: '' });
    });
  });

  it('takes no shim that needs a loader', async () => {
    const { stderr } = await helper(['vm-prepare', '6', '/bin/ls', 'closed']);
    await helper(['vm-remove', '6']);
    expect(stderr).toContain('is not linked statically');
  });

  it('takes no shim that is a secret of root, or that somebody else may change', async () => {
    await host.sh(
      'cp /bin/busybox /var/lib/one/own; chown oneadmin /var/lib/one/own; cp /bin/busybox /opt/open; chmod 0777 /opt/open',
    );
    await host.sh('install -m 0700 /bin/busybox /opt/secret; ln -sf /etc/shadow /var/lib/one/link');
    for (const shim of ['/etc/shadow', '/var/lib/one/link', '/var/lib/one/own', '/opt/open', '/opt/secret'])
      expect((await helper(['vm-prepare', '6', shim, 'closed'])).stderr).toContain(
        `The shim ${shim} is no program that`,
      );
    expect(await host.sh('cmp /bin/busybox /var/lib/onedock/shim/busybox && echo kept')).toBe('kept');
    await helper(['vm-remove', '6']);
    await host.sh('rm /var/lib/one/own /var/lib/one/link /opt/open /opt/secret');
  });

  describe('what containers start with', () => {
    const store = '/var/lib/onedock/shim';
    const shimOf = (id: number) => `/var/lib/onedock/vms/${id}/shim`;

    it('is stored once by many VMs that are the first of a host at once', async () => {
      const ids = Array.from({ length: 16 }, (_, i) => 40 + i);
      await host.sh(`rm -rf ${store}`);
      // Each asks as drivers do that have many calls: by a run that is there already.
      const first = ids.map((id) => `printf '0 vm-prepare ${id} /bin/busybox closed\\n' | ${HELPER} serve & `).join('');
      const said = await host.sh(`{ ${first} wait; } | tr -d '\\036'`);
      expect(said.split('\n').filter((line) => line.trim() !== '0')).toEqual([]);
      // A file that is replaced while another VM links it is gone there: "No such file or directory".
      for (const file of ['busybox', 'init'])
        expect(await host.sh(`stat --format %h ${store}/${file}`)).toBe(`${ids.length + 1}`);
      for (const id of ids) await helper(['vm-remove', `${id}`]);
    });

    it('is completed where an earlier call has ended half-way', async () => {
      expect(await helper(['vm-prepare', '6', '/bin/busybox', 'closed'])).toMatchObject({ exitCode: 0 });
      await host.sh(`rm ${shimOf(6)}/busybox`);
      expect(await helper(['vm-prepare', '6', '/bin/busybox', 'closed'])).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await host.sh(`cmp ${store}/busybox ${shimOf(6)}/busybox && echo whole`)).toBe('whole');
      await helper(['vm-remove', '6']);
    });
  });

  it('lets nobody else on the host read the context of a VM', async () => {
    const context = Buffer.from("PASSWORD='x'\n").toString('base64');
    await helper(['vm-prepare', '6', '/bin/busybox', 'closed'], `context/context.sh ${context}\n`);
    const file = '/var/lib/onedock/vms/6/context/context.sh';
    const read = (user: string) => host.sh(`setpriv --reuid ${user} --clear-groups cat ${file} 2>&1 || true`);
    expect(await read('root')).toBe("PASSWORD='x'");
    expect(await read('nobody')).toContain('Permission denied');
    await helper(['vm-remove', '6']);
  });

  it('takes the datastores from where the cloud has them', async () => {
    await host.sh(
      'mkdir -p /etc/onedock /srv/ds/0/5 && echo /srv/ds >/etc/onedock/datastore-location && echo x >/srv/ds/0/5/disk.0',
    );
    expect(await prepare('image', '/srv/ds/0/5/disk.0')).toMatchObject({ exitCode: 0, stdout: 'x\n' });
    expect(await prepare('image', `${DISKS}/disk.0`)).toMatchObject({ exitCode: 1 });
    await host.sh('rm -r /etc/onedock /srv/ds');
    await helper(['vm-remove', '5']);
  });

  it('is all that the SSH user may run as root', async () => {
    const { exitCode } = await ssh.run(['sudo', '-n', 'id'], { acceptExitCodes: [0, 1] });
    expect(exitCode).toBe(1);
  });
});
