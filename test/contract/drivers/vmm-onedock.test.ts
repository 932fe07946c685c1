import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { VmmAction } from '../../../src/drivers/contract/families.ts';
import { noDockerHost } from '../../support/docker-host.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';
import { type ImageName, startTestCloudHost, type TestCloudHost } from '../../support/test-cloud-host.ts';
import { type VmFields, vmDocument } from '../../support/vm-documents.ts';
import { startVmmHost, type VmmDriver, type VmmHost } from '../../support/vmm-driver.ts';

const missing = noDockerHost();

describe.skipIf(missing).each(WAYS)('vmm/onedock, %s', (way) => {
  let started: VmmHost;
  let host: TestCloudHost;
  let drivers: DriverRunner;
  let vmm: VmmDriver;
  let nextId = 5;
  let id: number;

  beforeAll(async () => {
    started = await startVmmHost(way);
    ({ host, drivers, vmm } = started);
    await host.sh(
      'ip link add vmbr0 type bridge forward_delay 0; ip link set vmbr0 up; ip address add 10.9.0.1/24 dev vmbr0',
    );
  });
  afterAll(() => started?.[Symbol.asyncDispose]());
  beforeEach(() => {
    id = nextId++;
  });

  const nic = () => ({
    BRIDGE: 'vmbr0',
    IP: `10.9.0.${id}`,
    MAC: `02:00:0a:09:00:${id.toString(16).padStart(2, '0')}`,
  });
  const vm = (fields: Partial<VmFields> = {}): VmFields => ({ id, host: host.address, ...fields });
  const deploy = async (image: ImageName, fields: Partial<VmFields> = {}, blankMb = {}) => {
    await host.placeDisks(id, image, blankMb);
    return await deployAgain(fields);
  };
  const deployAgain = (fields: Partial<VmFields> = {}) => vmm.deploy(vm(fields));
  const run = (action: VmmAction, fields: Partial<VmFields> = {}) => vmm.run(action, vm(fields), host.address);
  const state = () => host.sh(`docker inspect -f '{{.State.Status}}' one-${id} 2>/dev/null || true`);
  const leftovers = () =>
    host.sh(`/usr/lib/onedock/onedock-host-helper status | grep -E '(/| |-)${id}(/|-|$)' | grep -v '^vm' || true`);

  describe('deploy', () => {
    it('starts a container and prints its name', async () => {
      await expect(deploy('web')).resolves.toBe(`one-${id}`);
      expect(await state()).toBe('running');
    });

    it('gives the VM its addresses before its own process starts', async () => {
      await deploy('app', { nics: [{ ...nic(), GATEWAY: '10.9.0.1' }] });
      expect(await host.sh(`busybox ping -c 1 -W 2 10.9.0.${id} >/dev/null && echo answers`)).toBe('answers');
      const record = await host.sh(
        `until docker exec one-${id} test -s /tmp/record; do sleep 0.05; done; docker exec one-${id} cat /tmp/record`,
      );
      expect(record).toContain(`eth0    inet 10.9.0.${id}/24`);
      expect(await host.inVm(id, 'ip route')).toContain('default via 10.9.0.1 dev eth0');
      expect(await host.inVm(id, 'cat /sys/class/net/eth0/address')).toBe(nic().MAC);
    });

    it('answers on the address, and reaches others', async () => {
      await deploy('web', { nics: [nic()] });
      expect(await host.inVm(id, 'ping -c 1 -W 2 10.9.0.1 >/dev/null && echo reached')).toBe('reached');
      expect(await host.sh(`curl -sf --retry 20 --retry-connrefused --retry-delay 0 http://10.9.0.${id}/`)).toBe(
        'hello',
      );
    });

    it('knows masks, MTU, IPv6, routes and several NICs', async () => {
      await deploy('web', {
        nics: [
          { ...nic(), MTU: '1400', GATEWAY: '10.9.0.1' },
          { BRIDGE: 'vmbr0', MAC: '02:00:0a:0a:00:01', IP: '10.10.0.9', IP6_ULA: 'fd00::9', GATEWAY: '10.10.0.1' },
        ],
        context: { ETH1_MASK: '255.255.0.0', ETH1_ROUTES: '10.77.0.0/16 via 10.10.0.3', ETH1_IP6_PREFIX_LENGTH: '48' },
      });
      const addresses = await host.inVm(id, 'ip -o address show');
      expect(addresses).toContain(`inet 10.9.0.${id}/24`);
      expect(addresses).toContain('inet 10.10.0.9/16');
      expect(addresses).toContain('inet6 fd00::9/48');
      expect(await host.inVm(id, 'cat /sys/class/net/eth0/mtu')).toBe('1400');
      const routes = await host.inVm(id, 'ip route');
      expect(routes).toMatch(/default via 10\.9\.0\.1 dev eth0/);
      expect(routes).toMatch(/default via 10\.10\.0\.1 dev eth1 +metric 101/);
      expect(routes).toContain('10.77.0.0/16 via 10.10.0.3 dev eth1');
    });

    it("keeps the image's user, directory, environment, entry point and command", async () => {
      await deploy('app');
      const record = await host.sh(
        `until docker exec one-${id} test -s /tmp/record; do sleep 0.05; done; docker exec one-${id} cat /tmp/record`,
      );
      expect(record).toContain('uid=1000(app) gid=1000(app) groups=1000(app),2000(extra)');
      expect(record).toContain('\n/srv\n');
      expect(record).toContain('2:a b:c');
      expect(record).toContain('GREETING=good day');
      expect(record).toContain('HOME=/srv');
      expect(await host.inVm(id, 'tr "\\0" "\\n" </proc/1/environ')).not.toMatch(/SHLVL|OLDPWD/);
    });

    it('limits memory, processors and processes', async () => {
      await deploy('web', { template: { CPU: '0.5', VCPU: '1', MEMORY: '96' } });
      const format =
        '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.CpuShares}} {{.HostConfig.PidsLimit}}';
      expect(await host.sh(`docker inspect -f '${format}' one-${id}`)).toBe('100663296 1000000000 512 4096');
    });

    it('gives as few rights as a machine can do with', async () => {
      await deploy('app');
      const format = '{{.HostConfig.Privileged}} {{.HostConfig.SecurityOpt}}';
      expect(await host.sh(`docker inspect -f '${format}' one-${id}`)).toBe('false [no-new-privileges]');
      // Docker's own set without MKNOD (capabilities(7)).
      expect(await host.inVm(id, 'grep CapBnd: /proc/1/status')).toContain('00000000a00425fb');
      expect(await host.inVm(id, 'grep NoNewPrivs /proc/1/status')).toContain('1');
      expect(await host.inVm(id, 'grep Seccomp: /proc/1/status')).toContain('2');
    });

    it('sets hostname, DNS and hosts', async () => {
      await deploy('web', {
        nics: [{ ...nic(), DNS: '10.9.0.53' }],
        context: { SET_HOSTNAME: 'web server', SEARCH_DOMAIN: 'example.org', DNS: '10.9.0.54' },
      });
      expect(await host.inVm(id, 'hostname')).toBe('web-server');
      const resolv = await host.inVm(id, 'cat /etc/resolv.conf');
      expect(resolv).toContain('nameserver 10.9.0.53');
      expect(resolv).toContain('nameserver 10.9.0.54');
      expect(resolv).toContain('search example.org');
      expect(await host.inVm(id, 'cat /etc/hosts')).toContain(`10.9.0.${id}\tweb-server`);
    });

    it('has the name servers of its host where it is told of none, and may choose others', async () => {
      await deploy('web');
      const others = "grep -E '^(nameserver|search|options)' /etc/resolv.conf | grep -v 'nameserver 127'";
      expect(await host.inVm(id, 'cat /etc/resolv.conf')).toBe(await host.sh(others));
      await host.inVm(id, 'echo nameserver 10.9.0.53 >/etc/resolv.conf; echo 10.9.0.9 friend >>/etc/hosts');
      expect(await deploy('web')).toBe(`one-${id}`);
      expect(await host.inVm(id, 'cat /etc/resolv.conf; tail -n 1 /etc/hosts')).toBe(
        'nameserver 10.9.0.53\n10.9.0.9 friend',
      );
    });

    it('delivers the context as files and applies it before the command starts', async () => {
      const key = 'ssh-ed25519 AAAA me@example';
      const script = '#!/bin/sh\nhostname -i >/started\necho "$0" >>/started\n';
      await deploy('web', {
        nics: [nic()],
        context: {
          SSH_PUBLIC_KEY: key,
          START_SCRIPT_BASE64: Buffer.from(script).toString('base64'),
          QUOTE: "it's\ntwo",
        },
      });
      expect(await host.inVm(id, '. /mnt/context.sh; echo "$QUOTE"')).toBe("it's\ntwo");
      expect(await host.sh(`docker exec one-${id} head -1 /mnt/context.sh`)).toBe(
        '# Context variables generated by OpenNebula',
      );
      expect(await host.inVm(id, 'cat /root/.ssh/authorized_keys')).toBe(key);
      expect(await host.inVm(id, 'stat -c %a /root/.ssh /root/.ssh/authorized_keys')).toBe('700\n600');
      expect(await host.inVm(id, 'cat /started')).toContain(`10.9.0.${id}`);
    });

    it('applies the context as root where the image has another user', async () => {
      const key = 'ssh-ed25519 AAAA me@example';
      await deploy('app', { nics: [nic()], context: { SSH_PUBLIC_KEY: key, START_SCRIPT: 'id -u >/started' } });
      expect(await host.sh(`docker exec -u 0 one-${id} cat /root/.ssh/authorized_keys /started`)).toBe(`${key}\n0`);
      expect(await host.inVm(id, 'grep Uid: /proc/1/status')).toContain('1000');
    });

    it('runs an image that has no shell, and its START_SCRIPT', async () => {
      await deploy('bare', { nics: [nic()], context: { START_SCRIPT: 'echo yes >/started' } });
      expect(await state()).toBe('running');
      await expect.poll(() => host.sh(`docker cp one-${id}:/started - | tar xO`).catch(String)).toBe('yes');
    });

    it('keeps an image alive that has only a shell, and minds a request to stop', async () => {
      await deploy('shell', { nics: [nic()] });
      await host.sh(`docker exec one-${id} sh -c 'kill -9 $(pgrep -x /bin/sh)'; sleep 0.3`);
      expect(await state()).toBe('running');
      await run('shutdown');
      expect(await host.sh(`docker inspect -f '{{.State.ExitCode}}' one-${id}`)).toBe('0');
    });

    it('gives a terminal that minds Ctrl-C', async () => {
      await deploy('shell');
      expect(await host.sh(`docker inspect -f '{{.Config.Tty}} {{.Config.OpenStdin}}' one-${id}`)).toBe('true true');
      const ignored = 'for s in /proc/[0-9]*/status; do grep -q "Name:.sh$" $s && grep SigIgn $s; done; true';
      expect(await host.inVm(id, ignored)).toContain('SigIgn');
      // SIGINT is bit 1.
      for (const line of (await host.inVm(id, ignored)).split('\n'))
        expect(Number.parseInt(line.at(-1) ?? '', 16) & 2).toBe(0);
    });

    it('mounts disks with a file system, and keeps what is on them', async () => {
      const disks = { disks: [{}, {}, { TYPE: 'CDROM' }] };
      await host.placeDisks(id, 'web', { 1: 40, 2: 40 });
      await host.sh(`mkfs.ext4 -q /var/lib/one/datastores/0/${id}/disk.2`);
      await deployAgain(disks);
      expect(await host.inVm(id, 'grep /media/ /proc/mounts | cut -d" " -f2-4 | cut -d, -f1')).toBe(
        '/media/1 ext4 rw\n/media/2 ext4 ro',
      );
      await host.inVm(id, 'echo kept >/media/1/file');
      await run('shutdown');
      expect(await leftovers()).toBe('');
      await deployAgain(disks);
      expect(await host.inVm(id, 'cat /media/1/file')).toBe('kept');
      await run('cancel');
    });

    it('succeeds again when the VM runs already, and changes nothing', async () => {
      const fields = { nics: [nic()] };
      await deploy('web', fields);
      const pid = await host.sh(`docker inspect -f '{{.State.Pid}}' one-${id}`);
      const index = await host.sh(`cat /sys/class/net/one-${id}-0/ifindex`);
      await expect(deployAgain(fields)).resolves.toBe(`one-${id}`);
      expect(await host.sh(`docker inspect -f '{{.State.Pid}}' one-${id}`)).toBe(pid);
      expect(await host.sh(`cat /sys/class/net/one-${id}-0/ifindex`)).toBe(index);
    });

    it('goes on where an earlier one was cut short before the network was there', async () => {
      const fields = { nics: [nic()] };
      await deploy('web', fields);
      await run('cancel');
      // What is there when the front-end dies between start and plugging in.
      await host.sh(`mkfifo /var/lib/onedock/vms/${id}/shim/network; docker start one-${id} >/dev/null`);
      await deployAgain(fields);
      expect(await host.sh(`curl -sf --retry 20 --retry-connrefused --retry-delay 0 http://10.9.0.${id}/`)).toBe(
        'hello',
      );
    });

    it('starts a VM that was off with its files, its network and its new capacity', async () => {
      await deploy('web', { nics: [nic()] });
      await host.inVm(id, 'echo changed >/www/index.html');
      await run('shutdown');
      expect(await state()).toBe('exited');
      await deployAgain({ nics: [nic()], template: { MEMORY: '80' } });
      expect(await host.sh(`curl -sf --retry 20 --retry-connrefused --retry-delay 0 http://10.9.0.${id}/`)).toBe(
        'changed',
      );
      expect(await host.memoryLimit(`one-${id}`)).toBe(`${80 * 1024 * 1024}`);
    });

    it('refuses a container of that name that is not its own', async () => {
      await host.sh(`docker create --name one-${id} ${host.images.web} >/dev/null`);
      await expect(deploy('web')).rejects.toThrow(`There is a container one-${id}`);
      await host.sh(`docker rm one-${id}`);
    });

    it('refuses a container of that name that was made from another image', async () => {
      await deploy('web');
      await run('cancel');
      await expect(deploy('shell')).rejects.toThrow('that was made from localhost:5000/onedock/web@');
    });

    it('leaves nothing running when a bridge is missing', async () => {
      await expect(deploy('web', { nics: [{ ...nic(), BRIDGE: 'nowhere' }] })).rejects.toThrow(
        'There is no bridge nowhere on this host.',
      );
      expect(await state()).toBe('');
      expect(await leftovers()).toBe('');
    });

    it('leaves nothing when it is told to stop in the midst of it', async () => {
      await host.placeDisks(id, 'web', { 1: 40 });
      const stop = new AbortController();
      const deploying = drivers.run({
        family: 'vmm',
        driver: 'onedock',
        action: 'deploy',
        argv: [`/var/lib/one//datastores/0/${id}/deployment.0`, host.address, `${id}`, host.address],
        stdin: vmDocument(vm({ nics: [nic()], disks: [{}, {}] })),
        signal: stop.signal,
      });
      const stopped = expect(deploying).rejects.toThrow();
      // The Engine stands still once there is a container, so that the deploy cannot end before it is told to stop.
      const engine = 'curl -sf --unix-socket /run/docker.sock -o /dev/null http://docker';
      await host.sh(
        `until ${engine}/containers/one-${id}/json; do sleep 0.01; done; kill -s STOP $(cat /run/docker.pid)`,
      );
      stop.abort(new Error('DRIVER_CANCEL'));
      await host.sh('kill -s CONT $(cat /run/docker.pid)');
      await stopped;
      // An executable that was told to stop goes on to undo what it began.
      await run('cancel');
      expect(await state()).toBe('');
      expect(await leftovers()).toBe('');
    });

    it('refuses disks that cannot be mounted, in words', async () => {
      await expect(deploy('web', { disks: [{}, { FORMAT: 'qcow2' }] })).rejects.toThrow('has the format qcow2');
      await expect(deploy('web', { disks: [{ SOURCE: '/x' }] })).rejects.toThrow('has no container image to run');
    });
  });

  describe('shutdown', () => {
    it('stops the container that DEPLOY named, keeps it, and unplugs it', async () => {
      await deploy('app', { nics: [nic()] });
      await expect(run('shutdown')).resolves.toBe('');
      expect(await state()).toBe('exited');
      expect(await leftovers()).toBe('');
    });

    it('kills what does not stop in time', async () => {
      await deploy('bare', { nics: [nic()] });
      await host.sh(`docker kill -s STOP one-${id} >/dev/null`);
      await run('shutdown');
      expect(await state()).toBe('exited');
    });

    it('succeeds when the container is already gone', async () => {
      await expect(run('shutdown')).resolves.toBe('');
    });
  });

  describe('cancel', () => {
    it('ends the container at once and keeps it', async () => {
      await deploy('app', { nics: [nic()], disks: [{}, {}] }, { 1: 40 });
      await expect(run('cancel')).resolves.toBe('');
      expect(await state()).toBe('exited');
      expect(await leftovers()).toBe('');
    });

    it('succeeds when nothing is there', async () => {
      await expect(run('cancel')).resolves.toBe('');
    });
  });

  describe.each(['reboot', 'reset'] as const)('%s', (action) => {
    it('starts the same container again with its files and addresses', async () => {
      const fields = { nics: [nic()], disks: [{}, {}] };
      await deploy('web', fields, { 1: 40 });
      await host.inVm(id, 'echo again >/www/index.html; echo data >/media/1/data');
      await expect(run(action, fields)).resolves.toBe('');
      expect(await host.sh(`curl -sf --retry 20 --retry-connrefused --retry-delay 0 http://10.9.0.${id}/`)).toBe(
        'again',
      );
      expect(await host.inVm(id, 'cat /media/1/data')).toBe('data');
      await run('cancel');
    });

    it('says so when the container is gone', async () => {
      await expect(run(action)).rejects.toThrow(`There is no container one-${id}`);
    });
  });

  it('poll tells what the VM does', async () => {
    await expect(run('poll')).resolves.toBe('STATE=d');
    await deploy('web');
    await expect(run('poll')).resolves.toBe('STATE=a');
  });
});

describe.skipIf(missing)('vmm/onedock, many at once', () => {
  it('starts twenty VMs of one image on one host', async () => {
    await using host = await startTestCloudHost();
    await using drivers = await startDrivers('in process', host.settings);
    await host.sh(
      'ip link add vmbr0 type bridge forward_delay 0; ip link set vmbr0 up; ip address add 10.9.0.1/24 dev vmbr0',
    );
    const ids = Array.from({ length: 20 }, (_, i) => 100 + i);
    for (const id of ids) await host.placeDisks(id, 'web');
    const deployed = await Promise.all(
      ids.map((id) => {
        const mac = `02:00:0a:09:00:${id.toString(16)}`;
        return drivers.run({
          family: 'vmm',
          driver: 'onedock',
          action: 'deploy',
          argv: [`/var/lib/one/vms/${id}/deployment.0`, host.address, `${id}`, host.address],
          stdin: vmDocument({ id, host: host.address, nics: [{ BRIDGE: 'vmbr0', IP: `10.9.0.${id}`, MAC: mac }] }),
        });
      }),
    );
    expect(deployed).toEqual(ids.map((id) => `one-${id}`));
    for (const id of ids)
      expect(await host.sh(`curl -sf --retry 20 --retry-connrefused --retry-delay 0 http://10.9.0.${id}/`)).toBe(
        'hello',
      );
  });
});
