import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ChannelLike, empty, fakeDockerEngine, json, lines } from '../../../support/fake-docker-engine.ts';

describe('the API version', () => {
  it.each([
    ['that of the engine when it is older than the client', '1.41', '1.41'],
    ['that of the client when the engine is newer', '1.99', '1.51'],
  ])('is %s', async (_, theirs, used) => {
    const { engine, asked } = fakeDockerEngine({ 'GET /info': json({}) }, theirs);
    await engine.info();
    expect(asked[0]?.version).toBe(used);
  });

  it('may be too old', async () => {
    const { engine } = fakeDockerEngine({}, '1.40');
    await expect(engine.info()).rejects.toMatchObject({ code: 'DOCKER_TOO_OLD' });
  });
});

describe('connections', () => {
  it('are kept and used again', async () => {
    const { engine, connections } = fakeDockerEngine({ 'GET /info': json({}) });
    for (const _ of [1, 2, 3]) await engine.info();
    expect(connections).toHaveLength(1);
  });

  it('that were closed meanwhile are replaced', async () => {
    const { engine, connections } = fakeDockerEngine({ 'GET /info': json({ NCPU: 2 }) });
    await engine.info();
    connections[0]?.destroy();
    await expect(engine.info()).resolves.toEqual({ NCPU: 2 });
  });

  it.each([
    ['the first', (all: ChannelLike[]) => all],
    ['the last', (all: ChannelLike[]) => all.toReversed()],
  ])('that are all lost at the same moment, %s first, leave no request waiting on one of them', async (_, inOrder) => {
    const channels: ChannelLike[] = [];
    let silent = false;
    const { engine } = fakeDockerEngine(
      { 'GET /info': async (...call) => (silent ? undefined : json({ NCPU: 2 })(...call)) },
      '1.41',
      (connection) => {
        const channel = new ChannelLike(connection);
        channels.push(channel);
        return channel;
      },
    );
    await Promise.all(Array.from({ length: 6 }, () => engine.info()));
    silent = true;
    const asked = [engine.info(), engine.info()];
    await new Promise(setImmediate);
    silent = false;
    for (const channel of inOrder(channels)) channel.lose();
    await expect(Promise.all(asked)).resolves.toEqual([{ NCPU: 2 }, { NCPU: 2 }]);
  });

  it('that cannot be made are an error that says so', async () => {
    const { engine } = fakeDockerEngine({});
    engine[Symbol.dispose]();
    const { DockerEngine } = await import('../../../../src/drivers/docker/docker-engine.ts');
    const lost = new DockerEngine('host-1', async () => {
      throw new Error('No such socket');
    });
    await expect(lost.info()).rejects.toMatchObject({
      code: 'DOCKER_UNREACHABLE',
      why: 'No such socket.',
      retry: true,
    });
  });
});

describe('refusals', () => {
  it.each([
    [409, 'DOCKER_CONFLICT'],
    [404, 'DOCKER_NOT_FOUND'],
    [500, 'DOCKER_REFUSED'],
    [400, 'DOCKER_REFUSED'],
  ])('%i is %s with the words of the engine', async (status, code) => {
    const { engine } = fakeDockerEngine({ 'POST /containers/create': json({ message: 'it is so' }, status) });
    await expect(engine.create('one-5', { Image: 'x', HostConfig: { NetworkMode: 'none' } })).rejects.toMatchObject({
      code,
      message: expect.stringContaining('host-1'),
      why: 'it is so.',
    });
  });

  it('an answer that does not come in time', async () => {
    const { engine } = fakeDockerEngine({ 'GET /info': () => {} });
    await expect(engine.info({ timeoutSeconds: 0.05 })).rejects.toMatchObject({ code: 'DOCKER_TIMED_OUT' });
  });

  it('a call that was aborted ends with the reason', async () => {
    const { engine } = fakeDockerEngine({ 'GET /info': () => {} });
    const abort = new AbortController();
    const call = engine.info({ signal: abort.signal });
    await setTimeout(20);
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });
});

describe('what is wanted and so already', () => {
  it.each([
    ['stop', 304],
    ['stop', 404],
    ['kill', 409],
    ['kill', 404],
    ['wait', 404],
    ['start', 304],
  ] as const)('%s answered with %i is a success', async (verb, status) => {
    const { engine } = fakeDockerEngine({ [`POST /containers/c/${verb}`]: empty(status) });
    await expect(engine[verb]('c', { graceSeconds: 1 })).resolves.toBeUndefined();
  });

  it('removing what is gone, or what is being removed', async () => {
    const { engine, asked } = fakeDockerEngine({
      'DELETE /containers/gone': empty(404),
      'DELETE /containers/going': json({ message: 'removal of container going is already in progress' }, 409),
      'POST /containers/going/wait': json({ StatusCode: 0 }),
    });
    await engine.remove('gone');
    await engine.remove('going');
    expect(asked.at(-1)?.call).toBe('POST /containers/going/wait?condition=removed');
  });

  it('finding nothing is no error', async () => {
    const { engine } = fakeDockerEngine({});
    await expect(engine.find('c')).resolves.toBeUndefined();
    await expect(engine.findImage('i')).resolves.toBeUndefined();
    await expect(engine.stats('c')).resolves.toBeUndefined();
  });

  it('measuring a container that goes at that moment', async () => {
    const { engine } = fakeDockerEngine({ 'GET /containers/c/stats': empty(200) });
    await expect(engine.stats('c')).resolves.toBeUndefined();
  });
});

describe('the configuration of an image', () => {
  const image = json({ Config: { Cmd: ['app'] } });

  it('is asked for once where a digest says that it cannot change', async () => {
    const { engine, asked } = fakeDockerEngine({ 'GET /images/i@sha256:0/json': image, 'GET /images/i/json': image });
    for (const name of ['i@sha256:0', 'i@sha256:0', 'i', 'i'])
      await expect(engine.findImageConfig(name)).resolves.toEqual({ Cmd: ['app'] });
    expect(asked.map(({ call }) => call)).toEqual([
      'GET /images/i@sha256:0/json',
      'GET /images/i/json',
      'GET /images/i/json',
    ]);
  });

  it('is asked for again when the engine did not have the image', async () => {
    const { engine, asked } = fakeDockerEngine({});
    for (const _ of [1, 2]) await expect(engine.findImageConfig('i@sha256:0')).resolves.toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it('is one request for all who ask at the same time', async () => {
    const { engine, asked } = fakeDockerEngine({ 'GET /images/i/json': image });
    await Promise.all([engine.findImage('i'), engine.findImage('i'), engine.findImageConfig('i')]);
    expect(asked).toHaveLength(1);
  });
});

describe('starting many containers at once', () => {
  it('is done for two at a time for each processor of the host', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const held: (() => void)[] = [];
    const start: Parameters<typeof fakeDockerEngine>[0][string] = async (call, response) => {
      await new Promise<void>((release) => held.push(release));
      empty(204)(call, response);
    };
    const { engine, asked } = fakeDockerEngine({
      'GET /info': json({ NCPU: 1 }),
      ...Object.fromEntries(names.map((name) => [`POST /containers/${name}/start`, start])),
    });
    await engine.traits();
    const starts = Promise.all(names.map((name) => engine.start(name)));
    for (const underWay of [2, 3, 4, 5]) {
      await expect.poll(() => held.length).toBe(underWay);
      held[underWay - 2]?.();
    }
    held.at(-1)?.();
    await starts;
    expect(asked.slice(1).map(({ call }) => call)).toEqual(names.map((name) => `POST /containers/${name}/start`));
  });
});

describe('pull', () => {
  const DIGEST = `sha256:${'0'.repeat(64)}`;

  it.each([
    [`registry:5000/a/b@${DIGEST}`, 'registry:5000/a/b', DIGEST],
    ['registry:5000/a/b', 'registry:5000/a/b', 'latest'],
    ['registry:5000/a/b:1.2', 'registry:5000/a/b', '1.2'],
  ])('asks for %s', async (reference, fromImage, tag) => {
    const { engine, asked } = fakeDockerEngine({ 'POST /images/create': lines({ status: 'done' }) });
    await engine.pull(reference);
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.call.split('?')[1]))).toEqual({ fromImage, tag });
  });

  it('sends credentials with the request', async () => {
    const { engine, asked } = fakeDockerEngine({ 'POST /images/create': lines({}) });
    const auth = { username: 'onedock', password: 'p', serveraddress: 'registry:5000' };
    await engine.pull('x', { auth });
    expect(JSON.parse(Buffer.from(`${asked[0]?.headers['x-registry-auth']}`, 'base64url').toString())).toEqual(auth);
  });

  it('is done once, however many ask at the same time', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { engine, asked } = fakeDockerEngine({
      'POST /images/create': async (call, response) => {
        await released;
        lines({})(call, response);
      },
    });
    const pulls = Array.from({ length: 20 }, () => engine.pull('x'));
    await setTimeout(20);
    release();
    await Promise.all(pulls);
    expect(asked).toHaveLength(1);
    await engine.pull('x');
    expect(asked).toHaveLength(2);
  });

  it('goes on for others when one of them leaves', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { engine } = fakeDockerEngine({
      'POST /images/create': async (call, response) => {
        await released;
        lines({})(call, response);
      },
    });
    const leaving = new AbortController();
    const [left, stayed] = [engine.pull('x', { signal: leaving.signal }), engine.pull('x')];
    leaving.abort(new Error('cancelled'));
    await expect(left).rejects.toThrow('cancelled');
    release();
    await expect(stayed).resolves.toBeUndefined();
  });

  it('fails with the words in the midst of its progress', async () => {
    const { engine } = fakeDockerEngine({
      'POST /images/create': lines({ status: 'Pulling' }, { error: 'manifest unknown' }),
    });
    await expect(engine.pull('x')).rejects.toMatchObject({ code: 'DOCKER_PULL_FAILED', why: 'manifest unknown.' });
  });

  it('fails with the words of a refusal', async () => {
    const { engine } = fakeDockerEngine({ 'POST /images/create': json({ message: 'unauthorized' }, 500) });
    await expect(engine.pull('x')).rejects.toMatchObject({ code: 'DOCKER_PULL_FAILED', why: 'unauthorized.' });
  });
});

describe('push', () => {
  it('returns the digest that the registry gave', async () => {
    const { engine } = fakeDockerEngine({
      'POST /images/r/i/push': lines({ status: 'x' }, { aux: { Tag: 't', Digest: 'sha256:1' } }, { status: 'y' }),
    });
    await expect(engine.push('r/i', 't')).resolves.toBe('sha256:1');
  });

  it('is no success without a digest', async () => {
    const { engine } = fakeDockerEngine({ 'POST /images/r/i/push': lines({ status: 'x' }) });
    await expect(engine.push('r/i', 't')).rejects.toMatchObject({ code: 'DOCKER_PUSH_FAILED' });
  });
});

describe('events', () => {
  it('come as they happen, until somebody has heard enough', async () => {
    const { engine, asked } = fakeDockerEngine({
      'GET /events': (_, response) => {
        response.writeHead(200);
        response.write('{"Action":"start"}\n{"Action":');
        response.write('"die"}\n');
      },
    });
    const enough = new AbortController();
    const heard: string[] = [];
    const listening = (async () => {
      for await (const { Action } of await engine.events(enough.signal)) {
        heard.push(Action);
        if (Action === 'die') enough.abort();
      }
    })();
    await expect(listening).rejects.toThrow();
    expect(heard).toEqual(['start', 'die']);
    expect(decodeURIComponent(asked[0]?.call ?? '')).toContain('{"type":["container"]}');
  });
});

describe('a command whose end is waited for', () => {
  it('returns what it printed, and its exit code', async () => {
    const frame = (stream: number, text: string) => {
      const header = Buffer.alloc(8);
      header.writeUInt8(stream);
      header.writeUInt32BE(text.length, 4);
      return Buffer.concat([header, Buffer.from(text)]);
    };
    const { engine, asked } = fakeDockerEngine({
      'POST /containers/c/exec': json({ Id: 'e' }, 201),
      'POST /exec/e/start': (_, response) =>
        void response.writeHead(200).end(Buffer.concat([frame(1, 'out'), frame(2, 'err'), frame(1, 'put')])),
      'GET /exec/e/json': json({ ExitCode: 3 }),
    });
    await expect(engine.commands.run('c', ['id'], { user: '0' })).resolves.toEqual({
      exitCode: 3,
      stdout: 'output',
      stderr: 'err',
    });
    expect(asked[0]?.body).toMatchObject({ Cmd: ['id'], User: '0' });
  });

  it('says so when it has begun to print and does not end in time', async () => {
    const { engine } = fakeDockerEngine({
      'POST /containers/c/exec': json({ Id: 'e' }, 201),
      'POST /exec/e/start': (_, response) => void response.writeHead(200).write('beginning'),
    });
    await expect(engine.commands.run('c', ['cat'], { timeoutSeconds: 0.05 })).rejects.toMatchObject({
      code: 'DOCKER_TIMED_OUT',
    });
  });
});
