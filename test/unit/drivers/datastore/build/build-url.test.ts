import { describe, expect, it } from 'vitest';
import { isBuildUrl, parseBuildUrl } from '../../../../../src/drivers/datastore/onedock/build/build-url.ts';

describe('parseBuildUrl', () => {
  it.each([
    ['dockerfile:///var/tmp/app', { path: '/var/tmp/app' }],
    [
      'dockerfile:///var/tmp/Dockerfile?size=256&filesystem=ext4&format=raw&context=no&tag=x&distro=alpine',
      { path: '/var/tmp/Dockerfile', sizeMb: 256 },
    ],
    [
      'dockerfile://https://server/app.tar.gz?file=docker/Web',
      { path: 'https://server/app.tar.gz', file: 'docker/Web' },
    ],
    ['dockerfile:///a?target=web&arg=A=1&arg=B=x%20=y', { path: '/a', target: 'web', args: { A: '1', B: 'x =y' } }],
    ['/var/tmp/app?size=1', { path: '/var/tmp/app?size=1' }],
  ])('reads %s', (url, expected) => {
    expect(parseBuildUrl(url)).toEqual({ file: 'Dockerfile', args: {}, ...expected });
  });

  it('takes the text in base64 before the path, with the digits that a query has as blanks', () => {
    const text = 'FROM alpine\n# >>>???~~~\n';
    const url = `dockerfile:///ignored?fileb64=${Buffer.from(text).toString('base64')}&size=10`;
    expect(parseBuildUrl(url)).toEqual({ path: '', text, sizeMb: 10, file: 'Dockerfile', args: {} });
  });

  it('knows its scheme from others', () => {
    expect(['dockerfile://a', 'docker://a', '/dockerfile://a'].map(isBuildUrl)).toEqual([true, false, false]);
  });
});
