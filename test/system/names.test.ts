/** Names of VMs by DNS, as other VMs ask for them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeSandbox, TestSandbox } from '../support/test-sandbox.ts';

const CONFIGURATION = `
hosts: 2
networks:
  - { name: vms, zone: lab }
images:
  - { name: web, path: sample }
templates:
  - { name: web, image: web }
vms:
  - { name: web, template: web, page: 80 }
  - { name: client, template: web }
`;

describeSandbox('names of VMs', () => {
  let sandbox: TestSandbox;
  let client: { readonly id: number; readonly hostName: string };

  const vms = async () => (await (await sandbox.client()).vmpool.info()).objects;
  const inClient = (script: string) => sandbox.inside(client, 'sh', '-c', script);

  beforeAll(async () => {
    sandbox = await TestSandbox.create(CONFIGURATION);
    await sandbox.ok('up');
    const found = (await vms()).find(({ name }) => name === 'client');
    client = { id: found?.id ?? -1, hostName: found?.hostName ?? '' };
  });
  afterAll(() => sandbox?.[Symbol.asyncDispose]());

  it('lead to them, with and without their domain', async () => {
    expect(await inClient('wget -q -O - http://web/')).toContain('It works');
    expect(await inClient('wget -q -O - http://web.lab/')).toContain('It works');
  });

  it('are there as soon as a VM is, and gone with it', async () => {
    await sandbox.one('onetemplate', 'instantiate', 'web', '--name', 'Second one');
    await expect.poll(() => inClient('wget -q -O - http://second-one/ || true')).toContain('It works');
    await sandbox.one('onevm', 'terminate', '--hard', 'Second one');
    await expect.poll(() => inClient('nslookup second-one.lab 2>&1 || true')).toMatch(/NXDOMAIN|can't/);
  });

  it('are the host names of their addresses', async () => {
    const web = (await vms()).find(({ name }) => name === 'web');
    expect(await inClient(`nslookup ${web?.addresses[0]}`)).toContain('web.lab');
  });

  it('are told by a program that runs while somebody asks', async () => {
    const pid = '$(systemctl show --value --property MainPID onedock-names.service)';
    expect(await sandbox.on('frontend', 'sh', '-c', `ps -o user= -p ${pid}`)).toBe('oneadmin');
  });
});
