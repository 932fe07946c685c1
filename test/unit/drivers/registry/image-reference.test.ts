import { describe, expect, it } from 'vitest';
import { parseDiskMarker, printDiskMarker } from '../../../../src/drivers/registry/disk-marker.ts';
import { imageUrl, isImageUrl, parseImageReference } from '../../../../src/drivers/registry/image-reference.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('parseImageReference', () => {
  it.each([
    ['docker://alpine', 'docker.io', { server: 'docker.io', repository: 'library/alpine' }],
    ['docker://alpine:3.20', 'docker.io', { server: 'docker.io', repository: 'library/alpine', tag: '3.20' }],
    ['docker://grnet/app:1', 'docker.io', { server: 'docker.io', repository: 'grnet/app', tag: '1' }],
    ['docker://alpine', 'hub:5001', { server: 'hub:5001', repository: 'alpine' }],
    ['docker://quay.io/a/b/c:1', 'docker.io', { server: 'quay.io', repository: 'a/b/c', tag: '1' }],
    ['docker://registry:5000/x:7', 'docker.io', { server: 'registry:5000', repository: 'x', tag: '7' }],
    ['docker://localhost/x', 'docker.io', { server: 'localhost', repository: 'x' }],
    ['docker://index.docker.io/alpine', 'hub:5001', { server: 'docker.io', repository: 'library/alpine' }],
    [`docker://a/b@${DIGEST}`, 'docker.io', { server: 'docker.io', repository: 'a/b', digest: DIGEST }],
    [`docker://a/b:1@${DIGEST}`, 'docker.io', { server: 'docker.io', repository: 'a/b', tag: '1', digest: DIGEST }],
    [
      'docker://nginx?size=2048&filesystem=ext4&format=raw&tag=stable',
      'docker.io',
      { server: 'docker.io', repository: 'library/nginx', tag: 'stable' },
    ],
  ])('reads %s, with %s for names without a server', (url, hub, expected) => {
    expect(parseImageReference(url, hub)).toEqual(expected);
  });

  it.each([
    'docker://',
    'docker://Alpine',
    'docker://a b',
    'docker://a:',
    'docker://a:b c',
    'docker://a@sha256:12',
    'docker://a//b',
    'docker://../a',
    'docker://-a',
  ])('refuses %j', (url) => {
    expect(() => parseImageReference(url, 'docker.io')).toThrow(`'${url}' is no name of an image`);
  });
});

describe('imageUrl', () => {
  it('is what SOURCE says', () => {
    const reference = { server: 'registry:5000', repository: 'onedock/image-7', tag: 'latest' };
    expect(imageUrl(reference)).toBe('docker://registry:5000/onedock/image-7:latest');
    expect(imageUrl({ ...reference, digest: DIGEST })).toBe(`docker://registry:5000/onedock/image-7@${DIGEST}`);
    expect([isImageUrl(imageUrl(reference)), isImageUrl('/var/tmp/docker.tar')]).toEqual([true, false]);
  });
});

describe('disk markers', () => {
  it('name an image by its digest', () => {
    const image = { server: 'registry:5000', repository: 'onedock/image-7', digest: DIGEST };
    expect(parseDiskMarker(printDiskMarker(image))).toEqual(image);
  });

  it.each(['', '\0\0\0\0', 'docker://registry:5000/x:latest\n', `xdocker://a/b@${DIGEST}`])('are not %j', (text) => {
    expect(parseDiskMarker(text)).toBeUndefined();
  });
});
