import { describe, expect, it } from 'vitest';
import { configurationFiles } from '../../vm/guest.ts';
import { proxies } from '../../vm/package-sources.ts';

const sources = {
  apt: { lines: ['deb http://mirror.example/debian bookworm main'], options: [] },
  keyring: [],
  npmRegistry: 'https://npm.example/',
  environment: {},
  authorities: new Map<string, string>(),
};

describe('the stock machine', () => {
  it('gets packages from where its host does', () => {
    expect(configurationFiles(sources)).toEqual({
      '/etc/apt/sources.list': 'deb http://mirror.example/debian bookworm main\n',
      '/etc/environment': '',
      '/root/.npmrc': 'registry=https://npm.example/\n',
    });
  });

  it('trusts the certificate authorities that the administrator of its host added', () => {
    const files = configurationFiles({ ...sources, authorities: new Map([['house.crt', 'PEM']]) });
    expect(files['/usr/local/share/ca-certificates/house.crt']).toBe('PEM');
    expect(files['/etc/environment']).toContain('NODE_EXTRA_CA_CERTS=');
    expect(files['/root/.npmrc']).toContain('cafile=');
  });
});

describe('proxies', () => {
  it('reach a proxy on the loopback of the host', () => {
    expect(proxies({ http_proxy: 'http://127.0.0.1:3128', HOME: '/root' })).toEqual({
      http_proxy: 'http://10.0.2.2:3128',
    });
  });
});
