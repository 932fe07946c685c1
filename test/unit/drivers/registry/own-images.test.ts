import { describe, expect, it } from 'vitest';
import { changeConfig } from '../../../../src/drivers/registry/own-images.ts';
import type { RegistryClient } from '../../../../src/drivers/registry/registry-client.ts';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const layer = (digest: string) => ({ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', digest, size: 1 });

/** The configuration that is stored for an image of three layers. */
async function changed(document: object): Promise<{ config: object; history: object[] }> {
  const manifest = { schemaVersion: 2, config: { ...layer('sha256:c'), size: 2 }, layers: ['1', '2', '3'].map(layer) };
  let written = '';
  const client = {
    server: 'registry:5000',
    findManifest: async () => ({
      digest: 'sha256:m',
      mediaType: MANIFEST,
      body: Buffer.from(JSON.stringify(manifest)),
    }),
    readBlob: async () => Buffer.from(JSON.stringify(document)),
    putBlob: async (_: string, content: Buffer) => {
      written = content.toString();
      return 'sha256:d';
    },
    putManifest: async () => {},
    deleteManifest: async () => {},
  } as unknown as RegistryClient;
  await changeConfig(client, { server: 'registry:5000', repository: 'a' }, { User: 'app' });
  return JSON.parse(written);
}

describe('changeConfig', () => {
  it('gives an image the configuration of another', async () => {
    const { config } = await changed({ config: { User: 'root', Cmd: ['sh'] }, container_config: {}, os: 'linux' });
    expect(config).toEqual({ User: 'app' });
  });

  it.each([
    ['none', undefined, [{}, {}, {}]],
    ['that of a commit alone', [{ created_by: 'commit' }], [{}, {}, { created_by: 'commit' }]],
    [
      'that of two, and a step without a layer',
      [{ empty_layer: true }, { a: 1 }, { b: 1 }],
      [{}, { empty_layer: true }, { a: 1 }, { b: 1 }],
    ],
    ['a whole one', [{ a: 1 }, { b: 1 }, { c: 1 }], [{ a: 1 }, { b: 1 }, { c: 1 }]],
  ])('makes its history whole: %s', async (_, history, expected) => {
    expect((await changed({ history })).history).toEqual(expected);
  });
});
