import { describe, expect, it } from 'vitest';
import {
  basicAuthorization,
  decodeCredentials,
  encodeCredentials,
  parseChallenge,
  tokenUrl,
} from '../../../../src/drivers/registry/authorization.ts';

describe('parseChallenge', () => {
  it("reads Docker Hub's, and tells where its token is", () => {
    const challenge = parseChallenge(
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/alpine:pull"',
    );
    expect(challenge?.scheme).toBe('bearer');
    expect(challenge && tokenUrl(challenge)?.href).toBe(
      'https://auth.docker.io/token?service=registry.docker.io&scope=repository%3Alibrary%2Falpine%3Apull',
    );
  });

  it('reads that of a registry with passwords', () => {
    expect(parseChallenge('Basic realm="onedock"')).toEqual({ scheme: 'basic', parameters: { realm: 'onedock' } });
  });

  it.each([undefined, '', 'Negotiate'])('knows nothing of %j', (header) => {
    expect(parseChallenge(header)).toBeUndefined();
  });

  it('has no address for a realm that is none', () => {
    expect(tokenUrl({ scheme: 'bearer', parameters: { realm: 'nowhere' } })).toBeUndefined();
  });
});

describe('credentials', () => {
  it('keep a colon in the password', () => {
    const credentials = { user: 'onedock', password: 'a:b' };
    expect(decodeCredentials(encodeCredentials(credentials))).toEqual(credentials);
    expect(basicAuthorization(credentials)).toBe('Basic b25lZG9jazphOmI=');
  });
});
