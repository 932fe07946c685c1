import { describe, expect, it } from 'vitest';
import { checkArchitecture, toMegabytes } from '../../../../src/drivers/registry/image-description.ts';
import { findPlatform, type ImageIndex, platformsOf } from '../../../../src/drivers/registry/manifest.ts';

const descriptor = (digest: string, os: string, architecture: string) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest,
  size: 1,
  platform: { os, architecture },
});
const INDEX: ImageIndex = {
  manifests: [
    descriptor('sha256:w', 'windows', 'amd64'),
    descriptor('sha256:a', 'linux', 'amd64'),
    descriptor('sha256:7', 'linux', 'arm'),
    descriptor('sha256:s', 'unknown', 'unknown'),
  ],
};

describe('an image for several architectures', () => {
  it('has one for ours', () => {
    expect(findPlatform(INDEX, 'amd64')?.digest).toBe('sha256:a');
    expect(findPlatform(INDEX, 's390x')).toBeUndefined();
  });

  it('is named without what is no image', () => {
    expect(platformsOf(INDEX)).toBe('windows/amd64, linux/amd64, linux/arm');
    expect(platformsOf({ manifests: [] })).toBe('no known platform');
  });
});

describe('checkArchitecture', () => {
  const image = (config: object) => ({ name: 'app', config, uncompressedBytes: async () => 0 });

  it.each([{ os: 'linux', architecture: 'arm64' }, { architecture: 'arm64' }, {}])(
    'lets %j pass for arm64',
    (config) => {
      expect(() => checkArchitecture(image(config), 'arm64')).not.toThrow();
    },
  );

  it.each([
    { os: 'windows', architecture: 'arm64' },
    { os: 'linux', architecture: 'amd64' },
  ])('refuses %j', (config) => {
    expect(() => checkArchitecture(image(config), 'arm64')).toThrow('is made for');
  });
});

describe('toMegabytes', () => {
  it('rounds up, since quotas count it', () => {
    expect([0, 1, 1_048_576, 1_048_577].map(toMegabytes)).toEqual([0, 1, 1, 2]);
  });
});
