import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { BuildOptions } from '../../../../src/drivers/docker/engine-builds.ts';
import { empty, fakeDockerEngine, json, lines } from '../../../support/fake-docker-engine.ts';

const options = (steps: string[] = []): BuildOptions => ({
  tag: 'registry:5000/onedock/image-7:latest',
  dockerfile: 'docker/Web',
  target: 'app',
  args: { A: '1' },
  network: 'none',
  memoryMb: 512,
  cpus: 1.5,
  timeoutSeconds: 60,
  signal: new AbortController().signal,
  onStep: (step) => steps.push(step),
});
/** The fake reads what it gets as JSON. */
const context = () => Readable.from([Buffer.from('"tar"')]);

describe('builds', () => {
  it('send the context as it is, with limits, and tell of each step', async () => {
    const steps: string[] = [];
    const { engine, asked } = fakeDockerEngine({
      'POST /build': lines(
        { stream: 'Step 1/2 : FROM a\n' },
        { stream: ' ---> 1\n' },
        { stream: 'Step 2/2 : RUN b\n' },
      ),
    });
    await engine.builds.build(context(), options(steps));
    expect(steps).toEqual(['Step 1/2 : FROM a', 'Step 2/2 : RUN b']);
    expect(asked[0]).toMatchObject({ body: 'tar', headers: { 'content-type': 'application/x-tar' } });
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.call.split('?')[1]))).toMatchObject({
      t: 'registry:5000/onedock/image-7:latest',
      dockerfile: 'docker/Web',
      target: 'app',
      buildargs: '{"A":"1"}',
      networkmode: 'none',
      memory: String(512 * 2 ** 20),
      memswap: String(512 * 2 ** 20),
      cpuquota: '150000',
      forcerm: 'true',
    });
  });

  it('fail with the step and what it printed, without the colours and the words of the builder', async () => {
    const { engine } = fakeDockerEngine({
      'POST /build': lines(
        { stream: 'Step 1/2 : FROM a\n' },
        { stream: 'Step 2/2 : RUN make\n' },
        { stream: ' ---> Running in 1234\n' },
        { stream: 'cc -c a.c\n' },
        { stream: '\u001b[91mno such file\n\u001b[0m' },
        { stream: 'Removing intermediate container 1234\n' },
        { error: 'short', errorDetail: { code: 2, message: 'returned a non-zero code: 2' } },
      ),
    });
    await expect(engine.builds.build(context(), options())).rejects.toMatchObject({
      code: 'DOCKER_BUILD_FAILED',
      message: 'The image could not be built on host-1, at Step 2/2 : RUN make: returned a non-zero code: 2.',
      why: 'It printed: cc -c a.c\nno such file',
    });
  });

  it('fail with the words of an engine that refuses them', async () => {
    const { engine } = fakeDockerEngine({ 'POST /build': json({ message: 'unknown instruction: HELLO' }, 400) });
    const failed = { message: 'The image could not be built on host-1: unknown instruction: HELLO.' };
    await expect(engine.builds.build(context(), options())).rejects.toMatchObject(failed);
  });

  it('fail with what is wrong with their context', async () => {
    const { engine } = fakeDockerEngine({ 'POST /build': lines() });
    const broken = new Readable({ read: () => broken.destroy(new Error('tar ended')) });
    await expect(engine.builds.build(broken, options())).rejects.toThrow('tar ended');
  });

  it('leave nothing by their label; what somebody uses stays', async () => {
    const { engine, asked } = fakeDockerEngine({
      'GET /containers/json': json([{ Id: 'c1' }]),
      'GET /images/json': json([{ Id: 'i1' }, { Id: 'i2' }]),
      'DELETE /containers/c1': empty(204),
      'DELETE /images/i1': json({ message: 'in use' }, 409),
    });
    await engine.builds.removeLabelled('mine');
    const calls = asked.map(({ call }) => call.replace(/\?.*/, ''));
    expect(calls.filter((call) => call.startsWith('DELETE'))).toEqual([
      'DELETE /containers/c1',
      'DELETE /images/i1',
      'DELETE /images/i2',
    ]);
    expect(asked[0]?.call).toContain(encodeURIComponent('{"label":["mine"]}'));
  });
});
