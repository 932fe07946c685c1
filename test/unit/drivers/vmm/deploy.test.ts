import { describe, expect, it } from 'vitest';
import { actionContext } from '../../../../src/drivers/contract/action.ts';
import { fail as failDocker } from '../../../../src/drivers/docker/errors.ts';
import { cancel } from '../../../../src/drivers/vmm/onedock/cancel.ts';
import { deploy } from '../../../../src/drivers/vmm/onedock/deploy.ts';
import { reboot } from '../../../../src/drivers/vmm/onedock/reboot.ts';
import { containerOf, type HostTold, recordingDockerHost } from '../../../support/recording-docker-host.ts';
import { requestDocument, type VmFields, vmDocument } from '../../../support/vm-documents.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const IMAGE = `registry:5000/i@${DIGEST}`;
const SETTINGS = {
  host: { shim: '/bin/busybox' },
  container: { pidsLimit: 10, capabilities: [], devices: [], volumes: [], gpus: false },
  frontend: { datastores: '/var/lib/one/datastores', consoles: '/nowhere' },
  timeouts: { shutdownSeconds: 3, transferSeconds: 60 },
};
const NO_LOGINS = { dockerLogin: async () => undefined };
const NICS = [{ BRIDGE: 'vmbr0', IP: '10.0.0.5', MAC: '02:00:0a:00:00:05' }];
const NIC_WORD = 'one-5-0,vmbr0,02:00:0a:00:00:05,auto,address=10.0.0.5/24';

function on(told: HostTold) {
  const recorded = recordingDockerHost({ ...told, prints: { 'vm-prepare': `docker://${IMAGE}\n` } });
  const context = (stdin: string) => ({
    ...actionContext({ stdin }),
    hosts: recorded.hosts,
    registry: NO_LOGINS,
    settings: SETTINGS,
  });
  return {
    ...recorded,
    deploy: (fields: Partial<VmFields> = {}) =>
      deploy.run(['/var/lib/one/vms/5/deployment.0', 'host-1'], context(vmDocument({ id: 5, ...fields }))),
    reboot: (fields: Partial<VmFields> = {}) =>
      reboot.run(['one-5', 'host-1'], context(requestDocument({ id: 5, ...fields }))),
    cancel: (deployId = 'one-5') => cancel.run([deployId, 'host-1'], context(requestDocument({ id: 5 }))),
  };
}

describe('deploy', () => {
  it('prepares, creates, starts, and lets the command go when the NICs are there', async () => {
    const host = on({});
    await expect(host.deploy({ nics: NICS, disks: [{}, {}] })).resolves.toBe('one-5');
    const disks = 'image /var/lib/one/datastores/0/5/disk.0 disk 1 /var/lib/one/datastores/0/5/disk.1 rw';
    expect(host.log).toEqual([
      'lock one-5',
      `vm-prepare 5 /bin/busybox closed ${disks}`,
      'create one-5',
      'start one-5',
      `vm-connect 5 42 open ${NIC_WORD}`,
      'unlock one-5',
    ]);
  });

  it('waits for nothing when there is nothing to wait for', async () => {
    const host = on({});
    await host.deploy();
    expect(host.log[1]).toContain('vm-prepare 5 /bin/busybox open ');
    expect(host.log.some((line) => line.startsWith('vm-connect'))).toBe(false);
  });

  it('hands over the directory of the context', async () => {
    const host = on({});
    await host.deploy({ context: { DISK_ID: '1', A: 'b' } });
    expect(host.log[1]).toContain('context /var/lib/one/datastores/0/5/disk.1');
  });

  it('applies the context as root where the image has another user, before the command goes', async () => {
    const host = on({ user: 'app' });
    await host.deploy({ nics: NICS, context: { SSH_PUBLIC_KEY: 'k' } });
    expect(host.log.slice(-4)).toEqual([`vm-connect 5 42 closed ${NIC_WORD}`, 'exec', 'vm-open 5 42', 'unlock one-5']);
  });

  it('says that the image is gone from the host when no container can be made of it', async () => {
    const gone = failDocker('DOCKER_NOT_FOUND', { place: 'host-1', request: 'POST /containers/create', message: 'no' });
    const host = on({ fails: { create: gone } });
    await expect(host.deploy()).rejects.toMatchObject({ code: 'IMAGE_NOT_ON_HOST' });
    expect(host.log.slice(2)).toEqual(['create one-5', 'vm-release 5', 'unlock one-5']);
  });

  it('starts the container of an earlier stay with its new limits', async () => {
    const host = on({ container: containerOf(5, { status: 'exited', image: IMAGE }) });
    await host.deploy({ nics: NICS });
    expect(host.log.slice(2, -1)).toEqual(['start one-5 with limits', `vm-connect 5 42 open ${NIC_WORD}`]);
  });

  it('only completes the network of one that runs', async () => {
    const host = on({ container: containerOf(5, { status: 'running', image: IMAGE }) });
    await host.deploy({ nics: NICS });
    expect(host.log[1]).toContain('vm-prepare 5 /bin/busybox as-is');
    expect(host.log.slice(2, -1)).toEqual([`vm-connect 5 42 open ${NIC_WORD}`]);
  });

  it('undoes what it began, and says what was the matter', async () => {
    const host = on({ fails: { 'vm-connect': new Error('no bridge') } });
    await expect(host.deploy({ nics: NICS })).rejects.toThrow('no bridge');
    expect(host.log.slice(-5)).toEqual(['kill', 'wait', 'remove one-5', 'vm-release 5', 'unlock one-5']);
  });

  it('touches no container that came between', async () => {
    const host = on({ fails: { create: new Error('the name is taken') } });
    await expect(host.deploy({ nics: NICS })).rejects.toThrow('the name is taken');
    for (const step of ['kill', 'remove one-5']) expect(host.log).not.toContain(step);
  });

  it('lets go of the disks that were mounted before one could not be', async () => {
    const host = on({ fails: { 'vm-prepare': new Error('no file system') } });
    await expect(host.deploy({ disks: [{}, {}] })).rejects.toThrow('no file system');
    expect(host.log.slice(-2)).toEqual(['vm-release 5', 'unlock one-5']);
  });

  it('says what was the matter, also when that cannot be undone', async () => {
    const host = on({
      fails: { 'vm-connect': new Error('no bridge'), kill: new Error('gone'), remove: new Error('gone') },
    });
    await expect(host.deploy({ nics: NICS })).rejects.toThrow('no bridge');
  });

  it('keeps what an earlier stay has written when it fails', async () => {
    const container = containerOf(5, { status: 'exited', image: IMAGE });
    const host = on({ container, fails: { 'vm-connect': new Error('no bridge') } });
    await expect(host.deploy({ nics: NICS })).rejects.toThrow('no bridge');
    expect(host.log).not.toContain('remove one-5');
  });

  it('leaves a VM alone that ran before it failed', async () => {
    const container = containerOf(5, { status: 'running', image: IMAGE });
    const host = on({ container, fails: { 'vm-connect': new Error('no bridge') } });
    await expect(host.deploy({ nics: NICS })).rejects.toThrow('no bridge');
    expect(host.log).not.toContain('kill');
  });

  it('touches no container that is not its own', async () => {
    const container = { ...containerOf(5, { status: 'exited' }), Config: { Image: 'x', Labels: null } };
    const host = on({ container });
    await expect(host.deploy()).rejects.toMatchObject({ code: 'CONTAINER_FOREIGN' });
    expect(host.log).toEqual(['lock one-5', 'unlock one-5']);
  });

  it('does not run another image than it was told', async () => {
    const host = on({ container: containerOf(5, { status: 'exited', image: 'other' }) });
    await expect(host.deploy()).rejects.toMatchObject({ code: 'CONTAINER_OF_OTHER_IMAGE' });
    expect(host.log.some((line) => line.startsWith('start'))).toBe(false);
  });
});

describe('reboot', () => {
  it('stops and starts under one lock', async () => {
    const host = on({ container: containerOf(5, { status: 'exited', image: IMAGE }) });
    await host.reboot({ nics: NICS });
    expect(host.log[0]).toBe('lock one-5');
    expect(host.log[1]).toBe('stop one-5');
    expect(host.log.filter((line) => line.startsWith('unlock'))).toEqual(['unlock one-5']);
  });
});

describe('cancel', () => {
  it('takes no deploy id that is none of its own', async () => {
    await expect(on({}).cancel('one-5; rm')).rejects.toThrow("'one-5; rm' is no deploy id of this driver.");
  });
});
