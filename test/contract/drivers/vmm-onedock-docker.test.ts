/** What DOCKER of a VM makes of its container, on a real engine. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noDockerHost } from '../../support/docker-host.ts';
import { startDrivers } from '../../support/driver-ways.ts';
import { type ImageName, startTestCloudHost, type TestCloudHost } from '../../support/test-cloud-host.ts';
import type { VmFields } from '../../support/vm-documents.ts';
import { type VmmDriver, vmmDriver } from '../../support/vmm-driver.ts';

describe.skipIf(noDockerHost())('DOCKER of a VM', () => {
  const made = new AsyncDisposableStack();
  let host: TestCloudHost;
  let vmm: VmmDriver;
  let nextId = 5;
  let id: number;

  beforeAll(async () => {
    host = made.use(await startTestCloudHost());
    const container = {
      capabilities: ['NET_ADMIN'],
      volumes: ['/var/lib/one/shared'],
      devices: ['/dev/full'],
      gpus: true,
    };
    vmm = vmmDriver(made.use(await startDrivers('in process', { ...host.settings, container })), host.address);
  });
  afterAll(() => made.disposeAsync());
  beforeEach(() => {
    id = nextId++;
  });

  const deploy = async (image: ImageName, fields: Partial<VmFields>) => {
    await host.placeDisks(id, image);
    await vmm.deploy({ id, ...fields });
  };
  const inside = (script: string) => host.inVm(id, script);

  it('sets command, user, directory and variables, which the context does not change', async () => {
    const docker = {
      ENTRYPOINT: '/bin/sh -c',
      CMD: `["id; pwd; echo $GREETING; env >/tmp/env; sleep 1000"]`,
      USER: '1000:2000',
      WORKDIR: '/tmp',
      ENV: "GREETING='good day'",
    };
    await deploy('shell', { docker, context: { SSH_PUBLIC_KEY: 'ssh-rsa A' } });
    await expect
      .poll(() => host.sh(`docker logs one-${id}`))
      .toMatch(/^uid=1000\(app\) gid=2000\(extra\).*\r?\n\/tmp\r?\ngood day$/);
    expect(await host.sh(`docker exec -u 0 one-${id} cat /root/.ssh/authorized_keys`)).toBe('ssh-rsa A');
  });

  it('takes the command of DOCKERRUN, as a shell would split it', async () => {
    await deploy('shell', { disks: [{ DOCKERRUN: `sh -c 'echo "a  b" >/tmp/said; sleep 1000'` }] });
    await expect.poll(() => inside('cat /tmp/said || true')).toBe('a  b');
  });

  it('sets limits, settings of the kernel, memory as files, and labels', async () => {
    const docker = {
      ULIMITS: 'nofile=111:222',
      SYSCTLS: 'net.ipv4.ip_unprivileged_port_start=7 kernel.shmmni=55',
      SHM_SIZE: '8',
      TMPFS: '/scratch:size=1m,mode=0700',
      LABELS: 'team=blue',
    };
    await deploy('web', { docker });
    // Of the VM's own process: that of `docker exec` may have the hard limit as its soft one, with a runc before 1.1.13 now and
    // then (opencontainers/runc#4195).
    expect(await inside('grep "^Max open files" /proc/1/limits')).toMatch(/ 111 +222 /);
    expect(await inside('cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shmmni')).toBe('7\n55');
    expect(await inside('df -k /dev/shm /scratch | tail -n 2 | sed "s/  */ /g" | cut -d " " -f 2')).toBe('8192\n1024');
    expect(await inside('grep " /scratch " /proc/mounts')).toMatch(/nosuid,nodev,.*mode=700/);
    expect(await host.sh(`docker ps --filter label=team=blue --format '{{.Names}}'`)).toBe(`one-${id}`);
  });

  it('gives what the settings allow: a capability, a device, a directory of the host', async () => {
    await host.sh('mkdir -p /var/lib/one/shared && echo from the host >/var/lib/one/shared/file');
    const docker = {
      CAP_ADD: 'NET_ADMIN',
      CAP_DROP: 'NET_RAW',
      DEVICES: '/dev/full:/dev/other',
      VOLUMES: '/var/lib/one/shared:/data:ro',
    };
    await deploy('web', { docker });
    expect(await inside('ip link add dummy0 type bridge && echo made')).toBe('made');
    const effective = BigInt(`0x${(await inside('grep CapEff /proc/1/status')).split(/\s+/)[1]}`);
    expect([(effective >> 12n) & 1n, (effective >> 13n) & 1n]).toEqual([1n, 0n]);
    expect(await inside('echo x >/dev/other || true; cat /data/file; touch /data/new || echo read-only')).toBe(
      'from the host\nread-only',
    );
  });

  it('has nothing left when what it asks for is refused', async () => {
    await expect(deploy('web', { docker: { CAP_ADD: 'SYS_ADMIN', PRIVILEGED: 'YES' } })).rejects.toThrow(
      /CAP_ADD has SYS_ADMIN, which the settings of the drivers do not allow\. DOCKER\/PRIVILEGED is none of/,
    );
    expect(await host.sh(`docker ps -aq --filter name=one-${id}`)).toBe('');
  });

  it('says that a host has no GPUs to give', async () => {
    await expect(deploy('web', { docker: { GPUS: 'all' } })).rejects.toThrow(
      `VM ${id} asks for GPUs, and ${host.address} cannot give any to containers.`,
    );
  });
});
