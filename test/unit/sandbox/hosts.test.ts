import { describe, expect, it } from 'vitest';
import { addHost, removeHost } from '../../../src/sandbox/hosts.ts';
import { up } from '../../../src/sandbox/up.ts';
import { configuration, memorySandbox } from '../../support/memory-sandbox.ts';

const VM =
  'images: [{ name: a, path: "docker://a" }]\ntemplates: [{ name: t, image: a }]\nvms: [{ name: v, template: t }]';

async function running(name: string, text?: string) {
  const sandbox = memorySandbox();
  const wanted = configuration(name, text);
  await up({ configuration: wanted, folder: '/' }, sandbox.services, sandbox.run());
  return { ...sandbox, configuration: wanted };
}

describe('host add', () => {
  it('makes the next machine and registers it', async () => {
    const { configuration, services, run, cloud } = await running('hosts-add');
    expect(await addHost({ configuration }, services, run())).toMatchObject({ host: 'host-3' });
    expect(cloud.hosts.map(({ name }) => name)).toEqual(['host-1', 'host-2', 'host-3']);
  });

  it('needs a front-end that runs', async () => {
    const { services, run } = memorySandbox();
    const absent = addHost({ configuration: configuration('hosts-absent') }, services, run());
    await expect(absent).rejects.toMatchObject({ code: 'FRONT_END_DOWN' });
  });
});

describe('host rm', () => {
  it('takes the host out of OpenNebula and its machine away', async () => {
    const { configuration, services, run, cloud, testbed } = await running('hosts-rm');
    await removeHost({ configuration, host: 'host-2', force: false }, services, run());
    expect(cloud.hosts.map(({ name }) => name)).toEqual(['host-1']);
    expect((await testbed.look('hosts-rm')).machines.map(({ name }) => name)).toEqual(['frontend', 'host-1']);
  });

  it('refuses while VMs run there, and names them', async () => {
    const { configuration, services, run, testbed } = await running('hosts-busy', VM);
    const remove = removeHost({ configuration, host: 'host-1', force: false }, services, run());
    await expect(remove).rejects.toMatchObject({ code: 'HOST_IN_USE', why: 'VMs run there: 100 v.' });
    expect((await testbed.look('hosts-busy')).machines).toHaveLength(3);
  });

  it('terminates them when told to', async () => {
    const { configuration, services, run, cloud } = await running('hosts-force', VM);
    await removeHost({ configuration, host: 'host-1', force: true }, services, run());
    expect(cloud.vms).toMatchObject([{ name: 'v', state: 'DONE' }]);
  });

  it('knows no machine but hosts', async () => {
    const { configuration, services, run } = await running('hosts-front');
    const remove = removeHost({ configuration, host: 'frontend', force: true }, services, run());
    await expect(remove).rejects.toMatchObject({ code: 'MACHINE_MISSING', why: 'There are: host-1, host-2.' });
  });
});
