/** Containers that were there before OpenNebula: they are told of, and can be made VMs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../src/opennebula/template.ts';
import { noDockerHost } from '../../support/docker-host.ts';
import { type HostWatch, watchHost } from '../../support/host-watch.ts';
import { requestDocument, vmDocument } from '../../support/vm-documents.ts';
import { startVmmHost, type VmmHost } from '../../support/vmm-driver.ts';

const missing = noDockerHost();
if (missing) console.warn(`Skipped: ${missing}.`);

describe.skipIf(missing)('a container that was there before OpenNebula', () => {
  let at: VmmHost;
  let watch: HostWatch;

  beforeAll(async () => {
    at = await startVmmHost('in process');
    watch = await watchHost(at.drivers, at.host.address);
  });
  afterAll(async () => {
    await watch?.[Symbol.asyncDispose]();
    await at?.[Symbol.asyncDispose]();
  });

  const start = (name: string, ...options: string[]) =>
    at.host.sh(`docker run -d --name ${name} --network none ${options.join(' ')} ${at.host.images.web}`);
  const wilds = () => watch.reports.findLast(({ type }) => type === 'SYSTEM_HOST')?.template.vectors('VM') ?? [];
  const wild = async (name: string) => {
    await watch.until(
      ({ type, template }) => type === 'SYSTEM_HOST' && template.vectors('VM').some(({ VM_NAME }) => VM_NAME === name),
    );
    return wilds().find(({ VM_NAME }) => VM_NAME === name);
  };
  const call = async (
    action: string,
    id: number,
    deployId: string,
    { lcmState = 3, argv = [deployId] as string[] } = {},
  ) => {
    const vm = {
      id,
      host: at.host.address,
      deployId,
      disks: [],
      lcmState,
      template: { IMPORTED: 'YES', CPU: '0.25', MEMORY: '48' },
    };
    const stdin = action === 'deploy' ? vmDocument(vm) : requestDocument(vm);
    const all = [...argv, ...(action === 'resize' ? [] : [at.host.address]), `${id}`, at.host.address];
    return await at.drivers.run({ family: 'vmm', driver: 'onedock', action, argv: all, stdin });
  };
  const deploy = (id: number, deployId: string) =>
    call('deploy', id, deployId, { argv: [`/var/lib/one/datastores/0/${id}/deployment.0`] });
  const stateOf = (name: string) => at.host.sh(`docker inspect -f '{{.State.Status}}' ${name}`);
  const reported = (id: number, state: string, from: number) =>
    watch.until(
      ({ type, template }) =>
        type === 'STATE_VM' && template.vectors('VM').some((vm) => vm.ID === `${id}` && vm.STATE === state),
      from,
    );

  it('is told of as soon as it runs, with a template to import it by', async () => {
    const id = await start('wild', '--memory 48m', '--cpus 0.25');
    const told = await wild('wild');
    expect(told).toMatchObject({ ID: '-1', DEPLOY_ID: id });
    const template = parseTemplate(Buffer.from(told?.IMPORT_TEMPLATE ?? '', 'base64').toString());
    expect(Object.fromEntries(template.attributes)).toEqual({
      NAME: 'wild',
      CPU: '0.25',
      MEMORY: '48',
      HYPERVISOR: 'docker',
      DEPLOY_ID: id,
      SCHED_REQUIREMENTS: 'ID = 1',
    });
  });

  it('is told of no more when it has ended', async () => {
    await start('passing');
    await wild('passing');
    const from = watch.reports.length;
    await at.host.sh('docker rm -f passing');
    await watch.until(({ type }) => type === 'SYSTEM_HOST', from);
    expect(wilds().map(({ VM_NAME }) => VM_NAME)).not.toContain('passing');
  });

  it('is taken over as it is: it goes on running, under its own name', async () => {
    const container = await start('web-1');
    const startedAt = () => at.host.sh("docker inspect -f '{{.State.StartedAt}}' web-1");
    const before = await startedAt();
    await expect(deploy(21, container)).resolves.toBe(container);
    // As often as it is asked for, also after a front-end was killed.
    await expect(deploy(21, container)).resolves.toBe(container);
    expect(await startedAt()).toBe(before);
    await using again = await watchHost(at.drivers, at.host.address);
    const { template } = await again.until(({ type }) => type === 'STATE_VM');
    expect(template.vectors('VM')).toContainEqual({ ID: '21', DEPLOY_ID: container, STATE: 'RUNNING' });
    const system = await again.until(({ type }) => type === 'SYSTEM_HOST');
    expect(system.template.vectors('VM').map(({ VM_NAME }) => VM_NAME)).not.toContain('web-1');
    const sample = await again.until(({ type }) => type === 'MONITOR_VM');
    expect(sample.template.vectors('VM')).toContainEqual(expect.objectContaining({ ID: '21' }));
  });

  it('may be named by its name', async () => {
    const container = await start('web-2');
    await expect(deploy(22, 'web-2')).resolves.toBe(container);
  });

  it('is powered off and resumed, restarted, suspended, and resized', async () => {
    const container = await start('web-3');
    await deploy(23, container);
    let from = watch.reports.length;
    await call('shutdown', 23, container, { lcmState: 18 });
    expect(await stateOf('web-3')).toBe('exited');
    await reported(23, 'POWEROFF', from);
    from = watch.reports.length;
    await deploy(23, container);
    await reported(23, 'RUNNING', from);
    for (const action of ['reboot', 'reset']) {
      const pid = () => at.host.sh("docker inspect -f '{{.State.Pid}}' web-3");
      const before = await pid();
      await call(action, 23, container);
      expect(await stateOf('web-3')).toBe('running');
      expect(await pid()).not.toBe(before);
    }
    await call('save', 23, container, { lcmState: 6, argv: [container, '/checkpoint'] });
    expect(await stateOf('web-3')).toBe('paused');
    await call('restore', 23, container, { argv: ['/checkpoint', at.host.address, container] });
    expect(await stateOf('web-3')).toBe('running');
    await call('resize', 23, container);
    expect(await at.host.memoryLimit('web-3')).toBe(`${48 * 2 ** 20}`);
  });

  it('that ends by itself is off', async () => {
    const container = await start('web-4');
    await deploy(24, container);
    const from = watch.reports.length;
    await at.host.sh('docker kill web-4');
    await reported(24, 'POWEROFF', from);
  });

  it('stays on its host when the VM is terminated, and its files with it', async () => {
    const container = await start('web-5');
    await deploy(25, container);
    await at.host.sh('docker exec web-5 /bin/busybox touch /kept');
    await call('shutdown', 25, container, { lcmState: 12 });
    await at.drivers.run({
      family: 'tm',
      driver: 'local',
      action: 'delete',
      argv: [`${at.host.address}:/var/lib/one/datastores/0/25`, '25', '0'],
    });
    expect(await stateOf('web-5')).toBe('exited');
    await at.host.sh('docker start web-5 && docker exec web-5 /bin/busybox test -e /kept');
    await wild('web-5');
  });

  describe('is refused', () => {
    it('when it is a VM already', async () => {
      const container = await start('web-6');
      await deploy(26, container);
      await expect(deploy(27, container)).rejects.toThrow('cannot be imported as VM 27: it is VM 26 already');
      await at.host.placeDisks(5, 'web');
      await at.vmm.deploy({ id: 5 });
      const own = await at.host.sh("docker inspect -f '{{.Id}}' one-5");
      await expect(deploy(27, own)).rejects.toThrow('it is VM 5 already');
      // Giving up the VM that was refused ends nobody else's container.
      await call('cancel', 27, container);
      await call('cancel', 27, own);
      expect([await stateOf('web-6'), await stateOf('one-5')]).toEqual(['running', 'running']);
    });

    it('when it is not there', async () => {
      await expect(deploy(28, 'nothing')).rejects.toThrow('There is no container nothing on');
      await expect(call('cancel', 28, 'nothing')).resolves.toBe('');
    });

    it.each([
      ['snapshot_create', {}, ['', '0']],
      ['attach_nic', {}, ['', '02:00:00:00:00:01', 'vmbr0', '-', 'bridge', 'one-29-0']],
      ['save', { lcmState: 5 }, ['', '/checkpoint']],
      ['shutdown', { lcmState: 29 }, ['']],
    ])('what it cannot do: %s', async (action, more, [, ...argv]) => {
      const container = await start(`web-${action.replace('_', '-')}`);
      await deploy(29, container);
      await expect(call(action, 29, container, { ...more, argv: [container, ...argv] })).rejects.toThrow(
        'VM 29 was imported',
      );
      expect(await at.host.sh(`docker inspect -f '{{.State.Running}}' ${container}`)).toBe('true');
    });
  });
});
