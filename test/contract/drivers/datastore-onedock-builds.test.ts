/** Images from a Dockerfile, built by a real Docker Engine on a host and put into a real registry. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { DatastoreAction } from '../../../src/drivers/contract/families.ts';
import { ImageRegistry } from '../../../src/drivers/registry/image-registry.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';
import { IMAGE_TYPE } from '../../../src/opennebula/numbers.ts';
import { busyboxImage } from '../../support/busybox-image.ts';
import { datastoreRequest } from '../../support/datastore-requests.ts';
import { noDockerHost, type TestDockerHost } from '../../support/docker-host.ts';
import { startCloud, type TestCloud } from '../../support/docker-hosts.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';
import { tar, writeOciLayout } from '../../support/images.ts';
import { registryMissing } from '../../support/registry.ts';
import { startWebServer, type WebServer } from '../../support/web-server.ts';

const { OS } = IMAGE_TYPE;
const MB = 2 ** 20;
const missing = noDockerHost() ?? registryMissing();

const DOCKERFILE = `ARG BASE=test/busybox:1
FROM $BASE AS made
RUN echo "made by $(cat /etc/hostname >/dev/null && echo RUN)" >/made
FROM test/busybox:1
ARG WORD=none
COPY --from=made /made /made
COPY . /context/
RUN echo "$WORD" >/word
VOLUME /data
LABEL kept=yes
CMD ["cat", "/made", "/word"]
`;

describe.skipIf(missing).each(WAYS)('datastore/onedock with Dockerfiles, %s', (way) => {
  let cloud: TestCloud;
  let host: TestDockerHost;
  let web: WebServer;
  let registry: ImageRegistry;
  let drivers: DriverRunner;
  let directory: string;
  let id = 0;
  let atFirst: string;

  beforeAll(async () => {
    [cloud, web, directory] = await Promise.all([
      startCloud(1),
      startWebServer(),
      mkdtemp(join(tmpdir(), 'onedock-builds-')),
    ]);
    [host] = cloud.hosts as [TestDockerHost];
    const settings = { ...cloud.settings, build: { contextMb: 2, imageMb: 20 } };
    registry = new ImageRegistry(parseSettings(JSON.stringify(settings)));
    drivers = await startDrivers(way, settings);
    await push('test/busybox:1', await busyboxImage());
    await push('test/foreign:1', { architecture: 's390x', layers: [{ a: 'b' }] });
    atFirst = await host.sh('docker images -aq; docker ps -aq');
  });
  afterAll(async () => {
    await drivers?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
    await Promise.all([cloud, web].map((each) => each?.[Symbol.asyncDispose]()));
    await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    id++;
  });

  const push = async (name: string, image: Parameters<typeof writeOciLayout>[1]) => {
    const layout = await writeOciLayout(await mkdtemp(join(directory, 'layout-')), image);
    await registry.copy(`oci:${layout}`, registry.parse(name));
  };
  const context = async (files: Readonly<Record<string, string | Buffer>>) => {
    const folder = await mkdtemp(join(directory, 'context-'));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return folder;
  };
  const file = async (name: string, content: string | Buffer) => {
    const path = join(directory, `${id}-${name}`);
    await writeFile(path, content);
    return path;
  };
  const run = (action: DatastoreAction, PATH: string, TEMPLATE: Record<string, string> = {}) =>
    drivers.run({
      family: 'datastore',
      driver: 'onedock',
      action,
      argv: [`${id}`],
      stdin: datastoreRequest(
        {
          BASE_PATH: join(directory, 'datastore'),
          TEMPLATE: { SAFE_DIRS: directory, RESTRICTED_DIRS: '/', BRIDGE_LIST: `none.invalid ${host.address}` },
        },
        { PATH, TYPE: OS, TEMPLATE },
      ),
    });
  const name = () => `${cloud.registry.server}/onedock/image-${id}:latest`;
  /** What its command prints, on a host that gets it from the registry. */
  const output = async (...command: string[]) => {
    const digest = await registry.findDigest(registry.referenceOfImage(id));
    const image = name().replace(':latest', `@${digest}`);
    const login = await registry.credentials();
    await host.sh(`docker login -u ${login?.user} -p ${login?.password} ${cloud.registry.server} 2>/dev/null`);
    try {
      return await host.sh(`docker run --rm --network none ${image} ${command.join(' ')}`);
    } finally {
      await host.sh(`docker image rm ${image} >/dev/null`);
    }
  };
  const leftInRegistry = async () =>
    (
      await Promise.all(
        (
          await Array.fromAsync(registry.own.repositories())
        )
          .filter((each) => each.startsWith('onedock/'))
          .map(async (each) => ((await registry.own.findDigest(each, 'latest')) ? [each] : [])),
      )
    ).flat();
  const nothingIsLeftOnTheHost = async () => expect(await host.sh('docker images -aq; docker ps -aq')).toBe(atFirst);

  it('builds from a directory what the Dockerfile says, by several stages, and leaves nothing on the host', async () => {
    const folder = await context({
      'docker/Web': DOCKERFILE,
      'page.html': 'hello\n',
      'secret.key': 'x',
      '.dockerignore': '*.key\ndocker\n',
    });
    const PATH = `dockerfile://${folder}?file=docker/Web&arg=WORD=given&size=19`;
    expect(await run('stat', PATH)).toBe('19');
    expect(await run('cp', PATH)).toBe(`docker://${name()} raw`);
    expect(await output()).toBe('made by RUN\ngiven');
    expect(await output('stat', '-c', '%n', '/context/page.html')).toBe('/context/page.html');
    await expect(output('stat', '/context/secret.key')).rejects.toThrow('No such file');
    await nothingIsLeftOnTheHost();
    expect(await leftInRegistry()).toContain(`onedock/image-${id}`);
    expect((await leftInRegistry()).filter((each) => each.startsWith('onedock/build'))).toEqual([]);
  });

  it('gives the image the configuration that the Dockerfile says, with its volumes as part of the root disk', async () => {
    await run('cp', await context({ Dockerfile: DOCKERFILE }));
    const manifest = await registry.own.findManifest(`onedock/image-${id}`, 'latest');
    const { digest } = JSON.parse(`${manifest?.body}`).config;
    const document = JSON.parse(`${await registry.own.readBlob({ repository: `onedock/image-${id}`, digest })}`);
    expect(document.config).toMatchObject({ Cmd: ['cat', '/made', '/word'], Labels: { kept: 'yes' } });
    expect(Object.keys(document.config.Labels)).toEqual(['kept']);
    expect(document.config.Volumes).toBeUndefined();
  });

  const files = { Dockerfile: 'FROM test/busybox:1\nCOPY a /a\nCMD ["cat", "/a"]\n', a: 'from the context' };
  it.each([
    ['a directory with a Dockerfile', () => context(files)],
    ['an archive', () => file('context.tar', tar({ ...files, 'b/c': 'more' }))],
    ['a compressed archive', () => file('context.tar.gz', gzipSync(tar(files)))],
    ['an archive whose name says so', async () => `dockerfile://${await file('context.tar', tar(files))}`],
    ['an archive at a web address', async () => web.serve(`/${id}.tar.gz`, gzipSync(tar(files)))],
    [
      'an archive at a web address that says so',
      async () => `dockerfile://${web.serve(`/${id}.tar.gz`, gzipSync(tar(files)))}?format=raw`,
    ],
  ])('builds from %s', async (_, path) => {
    const PATH = await path();
    expect(Number(await run('stat', PATH))).toBeGreaterThan(0);
    await run('cp', PATH);
    expect(await output()).toBe('from the context');
    await nothingIsLeftOnTheHost();
  });

  const alone = 'FROM test/busybox:1\nRUN echo alone >/a\nCMD ["cat", "/a"]\n';
  it.each([
    ['a Dockerfile alone', async () => `dockerfile://${await file('Dockerfile', alone)}?size=10`],
    ['a Dockerfile at a web address', async () => `dockerfile://${web.serve(`/${id}/Dockerfile`, Buffer.from(alone))}`],
    [
      "the text of one, as OpenNebula's command sends it",
      async () => `dockerfile://?fileb64=${Buffer.from(alone).toString('base64')}`,
    ],
  ])('builds from %s', async (_, path) => {
    await run('cp', await path());
    expect(await output()).toBe('alone');
    await nothingIsLeftOnTheHost();
  });

  it('counts before the build what the image is made of', async () => {
    const folder = await context({ Dockerfile: 'FROM test/busybox:1\nCOPY . /', a: randomBytes(MB) });
    const base = Number(await run('stat', 'docker://test/busybox:1'));
    expect(Number(await run('stat', folder))).toBe(base + 1);
  });

  it('says at which step a build failed, and what it printed; leaves nothing', async () => {
    const folder = await context({
      // By one stream: of two the engine keeps no order.
      Dockerfile: 'FROM test/busybox:1\nRUN echo so far >&2; echo out of wood >&2; exit 3\n',
    });
    const built = run('cp', folder);
    await expect(built).rejects.toThrow(/at Step 3\/3 : RUN echo so far.*returned a non-zero code: 3/);
    await expect(built).rejects.toThrow(/It printed: so far\s+out of wood/);
    expect(await leftInRegistry()).not.toContain(`onedock/image-${id}`);
    await nothingIsLeftOnTheHost();
  });

  it('has no network unless the settings name one', async () => {
    const folder = await context({ Dockerfile: 'FROM test/busybox:1\nRUN cat /proc/net/dev; exit 1\n' });
    const printed = await run('cp', folder).catch((error: Error) => error.message);
    expect(printed).toMatch(/ lo: /);
    expect(printed).not.toMatch(/ eth\d/);
  });

  it.each([
    [
      'an image larger than its URL says',
      async () =>
        `dockerfile://${await context({ Dockerfile: 'FROM test/busybox:1\nCOPY a /', a: randomBytes(1.5 * MB) })}?size=1`,
      'and 1 MB were allowed',
    ],
    [
      'an image larger than the settings let',
      () => context({ Dockerfile: `FROM test/busybox:1\nRUN cat ${Array(12).fill('/bin/busybox').join(' ')} >/big` }),
      'and 20 MB were allowed',
    ],
    [
      'a context larger than the settings let',
      () => context({ Dockerfile: 'FROM scratch\nCOPY . /', a: randomBytes(3 * MB) }),
      'and 2 MB may be sent to a builder',
    ],
    ['a Dockerfile that is not there', async () => `dockerfile://${await context({ a: '' })}`, 'has no Dockerfile'],
    [
      'a Dockerfile outside its context',
      async () => `dockerfile://${await context({})}?file=../../etc/passwd`,
      'lies outside its context',
    ],
    ['a directory outside SAFE_DIRS', async () => 'dockerfile:///etc', 'check RESTRICTED_DIRS in your datastore'],
    ['no Dockerfile at all', () => context({ Dockerfile: 'HELLO\n' }), 'unknown instruction: HELLO'],
    ['a base that is not there', () => context({ Dockerfile: 'FROM test/none\n' }), 'There is no image'],
    [
      'a base for another architecture',
      () => context({ Dockerfile: 'FROM test/foreign:1\n' }),
      'is made for linux/s390x, and the hosts are linux/amd64',
    ],
    [
      'the image of somebody else as a base',
      () => context({ Dockerfile: `FROM ${cloud.registry.server}/onedock/image-1\n` }),
      'may not be named here',
    ],
  ])('refuses %s, and leaves nothing', async (_, path, message) => {
    await expect(run('cp', await path())).rejects.toThrow(message);
    expect(await leftInRegistry()).not.toContain(`onedock/image-${id}`);
    await nothingIsLeftOnTheHost();
  });

  it('takes away what a build that was killed has left', async () => {
    await host.sh(
      `printf 'FROM scratch\\nLABEL org.onedock.build=0\\nENV a=b\\nENV c=d\\n' | docker build -q - >/dev/null
         docker create --label org.onedock.build=0 $(docker images -aq --filter label=org.onedock.build | head -1) x`,
    );
    expect(await host.sh('docker images -aq; docker ps -aq')).not.toBe(atFirst);
    await run('cp', await context(files));
    await nothingIsLeftOnTheHost();
  });
});
