/** What the helper takes of VMs that go to another host, and what it does not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshTransport } from '../../../src/transport/ssh.ts';
import { noDockerHost, startDockerHost, type TestDockerHost } from '../../support/docker-host.ts';
import { HOSTILE } from '../../support/hostile.ts';

const HELPER = '/usr/lib/onedock/onedock-host-helper';
const DISKS = '/var/lib/one/datastores/0/5';

describe.skipIf(noDockerHost())('onedock-host-helper, of VMs that go elsewhere', () => {
  let host: TestDockerHost;
  let ssh: SshTransport;

  beforeAll(async () => {
    host = await startDockerHost();
    ssh = new SshTransport(host.ssh);
    await host.sh(`mkdir -p ${DISKS} && truncate -s 20M ${DISKS}/disk.1 && chown -R oneadmin /var/lib/one`);
  });
  afterAll(async () => {
    await ssh?.[Symbol.asyncDispose]();
    await host?.[Symbol.asyncDispose]();
  });

  const helper = async (argv: readonly string[]) => {
    const { stdout, stderr, exitCode } = await ssh.run(['sudo', '-n', HELPER, ...argv], { acceptExitCodes: [0, 1, 2] });
    return { stdout, stderr: stderr.trim(), exitCode };
  };

  it.each(HOSTILE)('is no part of a VM that goes elsewhere: %j', async (text) => {
    const container = 'a'.repeat(64);
    const root = '/var/lib/onedock/engine';
    const layer = `${root}/overlay2/abc/diff`;
    const path = `${DISKS}/disk.1`;
    await host.sh(`mkdir -p ${root}/containers/${container}/checkpoints/live ${layer}
      echo '"org.onedock.vm":"5"' >${root}/containers/${container}/config.v2.json`);
    for (const verb of ['vm-pack', 'vm-unpack'])
      for (const argv of [
        [text, container, layer, 'live', path],
        [root, text, layer, 'live', path],
        [root, container, text, 'live', path],
        [root, container, `${root}/overlay2/${text}/diff`, 'live', path],
        [root, container, layer, text, text],
        [root, container, layer, 'other', text],
      ])
        expect(await helper([verb, '5', ...argv])).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await host.sh(`stat -c %s ${path}; ls ${root}/containers/${container}/checkpoints ${layer}`)).toMatch(
      /^[0-9]+\n.*live\n\n.*:$/s,
    );
    expect((await helper(['vm-pack', '6', root, container, layer, 'live', path])).stderr).toContain('is none of VM 6');
    await helper(['live-check', text]);
  });

  it('is no file of somebody else for a VM that goes elsewhere, nor one without a checkpoint', async () => {
    const container = 'b'.repeat(64);
    const root = '/var/lib/onedock/engine';
    const layer = `${root}/overlay2/def/diff`;
    await host.sh(`mkdir -p ${root}/containers/${container}/checkpoints/live ${layer}
      echo '"org.onedock.vm":"5"' >${root}/containers/${container}/config.v2.json
      echo secret >/var/tmp/other; ln -sf /var/tmp/other ${DISKS}/link; echo text >${DISKS}/one; ln -f ${DISKS}/one ${DISKS}/two
      mkdir -p /var/tmp/bad/live /var/tmp/bad/diff; ln -sf /etc/passwd /var/tmp/bad/live/a.img
      tar -cf ${DISKS}/bad.tar -C /var/tmp/bad live diff; ln -sfn / ${root}/overlay2/link`);
    const pack = (file: string, at = layer) =>
      helper(['vm-pack', '5', root, container, at, 'live', `${DISKS}/${file}`]);
    expect((await pack('link')).stderr).toContain('lies outside of the datastores');
    expect((await pack('one')).stderr).toContain('has another name besides');
    expect((await pack('two', `${root}/overlay2/link/diff`)).stderr).toContain('is no layer');
    expect(await host.sh(`cat /var/tmp/other ${DISKS}/one`)).toBe('secret\ntext');
    await host.sh(`rm -r ${root}/containers/${container}/checkpoints/live`);
    const unpack = (file: string) => helper(['vm-unpack', '5', root, container, layer, 'live', `${DISKS}/${file}`]);
    expect((await unpack('one')).stderr).toContain('holds no checkpoint');
    expect((await unpack('bad.tar')).stderr).toContain('is none');
    await host.sh(`rm -r ${root} ${DISKS}/link ${DISKS}/one ${DISKS}/two ${DISKS}/bad.tar /var/tmp/other /var/tmp/bad`);
  });

  it('did nothing on the way', async () => {
    expect(await host.sh('ls -d /pwned /tmp/pwned pwned 2>/dev/null || true')).toBe('');
  });
});
