import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fail } from '../../../src/opennebula/client/errors.ts';
import { planUp, up } from '../../../src/sandbox/up.ts';
import { configuration, FIT, memorySandbox } from '../../support/memory-sandbox.ts';

const request = (name: string, text?: string) => ({ configuration: configuration(name, text), folder: '/' });

describe('up', () => {
  it('makes machines, hosts and a datastore', async () => {
    const { services, run, cloud } = memorySandbox();
    const result = await up(request('up-all'), services, run());
    expect(result).toMatchObject({ state: 'running', changed: true, extra: [], pages: [] });
    expect(result.machines.map(({ name }) => name)).toEqual(['frontend', 'host-1', 'host-2']);
    expect(cloud.hosts.map(({ name }) => name)).toEqual(['host-1', 'host-2']);
    expect(cloud.datastores.map(({ name }) => name)).toContain('onedock');
  });

  it('run twice changes nothing', async () => {
    const { services, run, testbed } = memorySandbox();
    await up(request('up-twice'), services, run());
    const before = [...testbed.calls];
    const again = await up(request('up-twice'), services, run());
    expect(again).toMatchObject({ changed: false, steps: [], state: 'running' });
    expect(testbed.calls.slice(before.length)).toEqual(['frontend: cat /var/lib/one/.one/one_auth']);
  });

  it('ends when the page of a VM answers', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { services, run, cloud } = memorySandbox();
    const text = `images: [{ name: a, path: "docker://a" }]\ntemplates: [{ name: t, image: a, memoryMb: 32 }]\nvms: [{ name: v, template: t, page: ${port} }]`;
    const result = await up(request('up-page', text), services, run());
    expect(result.pages).toEqual([{ vm: 'v', url: `http://127.0.0.1:${port}/` }]);
    expect(cloud.sent.at(-1)).toContain('MEMORY="32"');
  });

  it('starts a machine again that was stopped', async () => {
    const { services, run, testbed } = memorySandbox();
    await up(request('up-stopped'), services, run());
    testbed.stop('up-stopped', 'host-2');
    const result = await up(request('up-stopped'), services, run());
    expect(result.steps.map(({ id }) => id)).toEqual(['machine:host-2']);
  });

  it('makes a front-end anew that does not know the calls, as one of an older release', async () => {
    const { services, run, testbed, cloud } = memorySandbox();
    await up(request('up-old'), services, run());
    cloud.refusal = fail('CALL_FAULT', { method: 'one.vmpool.infoextended', code: -506 });
    testbed.beforeMachine = async () => {
      cloud.refusal = undefined;
    };
    const result = await up(request('up-old'), services, run());
    expect(result).toMatchObject({ state: 'running', changed: true });
    expect(result.steps.map(({ id }) => id)).toContain('machine:frontend');
    expect(result.steps.map(({ id }) => id)).not.toContain('machine:host-1');
    expect(cloud.hosts.map(({ name }) => name)).toEqual(['host-1', 'host-2']);
  });

  it('on a machine that is not fit makes nothing', async () => {
    const facts = { ...FIT, features: { ...FIT.features, overlay: false } };
    const { services, run, testbed } = memorySandbox({ facts });
    await expect(up(request('up-unfit'), services, run())).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED' });
    expect(testbed.calls).toEqual([]);
  });

  it('that would only be planned makes nothing', async () => {
    const { services, testbed } = memorySandbox();
    expect((await planUp(configuration('up-dry'), services)).steps).not.toEqual([]);
    expect(testbed.calls).toEqual([]);
  });
});
