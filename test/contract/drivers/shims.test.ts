/** Shims of containerd, shared by the VMs of a host. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ENGINE, IS_PODMAN, noDockerHost } from '../../support/docker-host.ts';
import { joinLast, STARTED, whileJoining } from '../../support/shims.ts';
import type { TestCloudHost } from '../../support/test-cloud-host.ts';
import { startVmmHost, type VmmDriver, type VmmHost } from '../../support/vmm-driver.ts';

const missing = noDockerHost() ?? (IS_PODMAN ? `${ENGINE} has no containerd` : undefined);
/** Of `host-files/onedock-shim`. */
const LANES = 4;

describe.skipIf(missing)('onedock-shim', () => {
  let started: VmmHost;
  let host: TestCloudHost;
  let vmm: VmmDriver;
  const ids: number[] = [];

  beforeAll(async () => {
    started = await startVmmHost('in process');
    ({ host, vmm } = started);
  });
  afterAll(async () => {
    await started?.[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    await Promise.all(ids.splice(0).map(end));
  });

  async function deploy(id: number): Promise<void> {
    ids.push(id);
    await host.placeDisks(id, 'web');
    await vmm.deploy({ id });
  }
  const end = (id: number) =>
    host.sh(`docker rm -f one-${id} >/dev/null 2>&1; /usr/lib/onedock/onedock-host-helper vm-remove ${id}`);
  const shims = async () => Number(await host.sh('pgrep -cf "[c]ontainerd-shim-runc-v2 -namespace" || true'));
  const says = (id: number) => host.sh(`docker exec one-${id} /.onedock/busybox echo here`);

  it('has VMs share shims, which end with the last of them', async () => {
    const all = Array.from({ length: 2 * LANES }, (_, i) => 10 + i);
    await Promise.all(all.map(deploy));
    expect(await shims()).toBe(LANES);
    // The first of each group, and others.
    for (const id of all.slice(0, LANES + 1)) await end(id);
    for (const id of all.slice(LANES + 1)) expect(await says(id)).toBe('here');
    for (const id of all.slice(LANES + 1)) await end(id);
    expect(await shims()).toBe(0);
  });

  it('leaves what is no VM a shim of its own', async () => {
    await deploy(20);
    const count = await host.sh(`cat ${STARTED}`);
    const image = `$(docker inspect --format '{{.Image}}' one-20)`;
    await host.sh(`docker run --detach --name other -v /bin/busybox:/sleep:ro --entrypoint /sleep "${image}" 99`);
    expect(await shims()).toBe(2);
    expect(await host.sh(`cat ${STARTED}`)).toBe(count);
    await host.sh('docker rm --force other');
  });

  it('keeps no VM from starting when it cannot count', async () => {
    await host.sh(`rm -f ${STARTED}; mkdir ${STARTED}`);
    await deploy(30);
    await host.sh(`rmdir ${STARTED}; echo nonsense >${STARTED}`);
    await deploy(31);
    expect(await says(30)).toBe('here');
    expect(await says(31)).toBe('here');
  });

  it('starts a VM again whose shim ended with another while it joined', async () => {
    await deploy(40);
    await joinLast(host);
    await whileJoining(
      host,
      () => deploy(41),
      () => end(40),
    );
    expect(await says(41)).toBe('here');
  });

  it('that is killed ends its VMs, which can be started again', async () => {
    const all = Array.from({ length: LANES + 1 }, (_, i) => 60 + i);
    await Promise.all(all.map(deploy));
    const runs = async (id: number) =>
      (await host.sh(`docker inspect --format '{{.State.Running}}' one-${id}`)) === 'true';
    // Two of them are in one group; the oldest process may be that of any.
    const killed = await host.sh('pgrep -f "[c]ontainerd-shim-runc-v2 -namespace"');
    for (const pid of killed.split('\n')) await host.sh(`kill -9 ${pid}`);
    for (const id of all) await host.sh(`docker wait one-${id}`);
    for (const id of all) expect(await runs(id)).toBe(false);
    expect(await host.sh('pgrep -cx httpd || true')).toBe('0');
    for (const id of all) await vmm.deploy({ id });
    for (const id of all) expect(await says(id)).toBe('here');
  });

  it('has shims outlast containerd', async () => {
    const all = Array.from({ length: LANES + 1 }, (_, i) => 50 + i);
    await Promise.all(all.map(deploy));
    const [pid] = (await host.sh('pgrep -x containerd')).split('\n');
    await host.sh(`kill -9 ${pid}; while [ -e /proc/${pid} ]; do sleep 0.02; done`);
    await host.sh('until docker exec one-50 /.onedock/busybox true 2>/dev/null; do sleep 0.1; done');
    for (const id of all) expect(await says(id)).toBe('here');
    await end(50);
    expect(await says(50 + LANES)).toBe('here');
  });
});
