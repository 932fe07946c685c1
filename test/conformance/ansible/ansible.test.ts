/**
 * Ansible's modules for OpenNebula (community.general), unmodified, against the embedded front-end with dummy drivers.
 * Each playbook runs again: what is there already must not be changed.
 */
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../src/opennebula/client/client.ts';
import { type DummyFrontend, startDummyFrontend } from '../../support/dummy-frontend.ts';
import { ensurePythonEnvironment } from '../../support/python-environment.ts';

/** A network to lease from: one_vnet puts its address ranges into the template again with each run. */
const ADDRESSES = `NAME = "addresses"
VN_MAD = "dummy"
BRIDGE = "vbr0"
AR = [ TYPE = "IP4", IP = "192.0.2.10", SIZE = "20" ]`;

let environment: string;
let frontend: DummyFrontend;

beforeAll(async () => {
  environment = await ensurePythonEnvironment('ansible');
  frontend = await startDummyFrontend({ hosts: 1 });
  using client = createClient(frontend);
  await client.vn.allocate(ADDRESSES);
});

afterAll(async () => {
  await frontend?.[Symbol.asyncDispose]();
});

describe('community.general', () => {
  it('one_host, one_image, one_vnet, one_template and one_vm make what is missing, once', async () => {
    expect(await play('present')).toBeGreaterThan(0);
    // one_vnet replaces the template, and so drops what the front-end had added at creation, as OpenNebula does too.
    expect(await play('present')).toBe(1);
    expect(await play('present')).toBe(0);
  });

  it.each(['poweredoff', 'running'])('one_vm takes VMs to %s, once', async (state) => {
    expect(await play('operate', { state })).toBe(1);
    expect(await play('operate', { state })).toBe(0);
  });

  it.each([
    { changes: 4, host_state: 'disabled', image_enabled: false, image_persistent: false, memory: 128 },
    { changes: 5, host_state: 'enabled', image_enabled: true, image_persistent: true, memory: 64 },
  ])('one_host, one_image and one_template change what is there, once: %j', async ({ changes, ...wanted }) => {
    expect(await play('change', wanted)).toBe(changes);
    expect(await play('change', wanted)).toBe(0);
  });

  it('remove what is there, once', async () => {
    expect(await play('absent')).toBe(4);
    expect(await play('absent')).toBe(0);
  });
});

/** Runs a playbook and returns how many tasks have changed something. @throws with Ansible's output when a task failed */
async function play(
  name: string,
  variables: Readonly<Record<string, string | number | boolean>> = {},
): Promise<number> {
  const [user = '', password = ''] = frontend.session.split(':');
  const extra = JSON.stringify({ ...variables, datastore_id: frontend.datastoreId });
  const { stdout } = await execa(
    join(environment, 'bin/ansible-playbook'),
    [
      '--inventory',
      'localhost,',
      '--connection',
      'local',
      '--extra-vars',
      extra,
      join(import.meta.dirname, `${name}.yml`),
    ],
    {
      env: {
        ANSIBLE_COLLECTIONS_PATH: join(environment, 'collections'),
        ANSIBLE_PYTHON_INTERPRETER: join(environment, 'bin/python'),
        ANSIBLE_LOCALHOST_WARNING: 'false',
        ONE_URL: frontend.endpoint,
        ONE_USERNAME: user,
        ONE_PASSWORD: password,
      },
    },
  );
  return Number(/changed=(\d+)/.exec(stdout)?.[1]);
}
