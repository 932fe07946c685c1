import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../src/drivers/settings.ts';
import type { OnedockError } from '../../../src/errors/onedock-error.ts';

function problemsOf(text: string): string[] {
  try {
    parseSettings(text, '/etc/one/onedock.yaml');
  } catch (error) {
    return (error as OnedockError).why.split('\n');
  }
  return expect.unreachable('the settings are valid');
}

describe('parseSettings', () => {
  it('needs no key', () => {
    expect(parseSettings('')).toMatchObject({
      registry: { server: 'registry:5000' },
      hub: { server: 'docker.io', insecure: false },
      ssh: { user: 'oneadmin', port: 22 },
    });
  });

  it('keeps what is given', () => {
    const { registry, frontend } = parseSettings('registry: { server: "r:1", user: u }\nfrontend:\n  names: [one]\n');
    expect([registry.server, registry.user, frontend.names]).toEqual(['r:1', 'u', ['one']]);
  });

  it('reports every mistake, with its place', () => {
    const text = 'registry:\n  server: https://x\n  pasword: 1\nhub: 3\nfrontend:\n  names: [a, 3]\n';
    expect(problemsOf(text)).toEqual([
      '/etc/one/onedock.yaml:2:3 registry.server: must be a server, as `registry:5000`, without `https://` or a path',
      '/etc/one/onedock.yaml:3:3 registry.pasword: is no key that ONEDock knows',
      expect.stringMatching(/^\/etc\/one\/onedock.yaml:4:1 hub: /),
      expect.stringMatching(/^\/etc\/one\/onedock.yaml:6:14 frontend.names.1: /),
    ]);
  });

  it('says where a text is no YAML', () => {
    expect(problemsOf('registry: [')).toEqual([expect.stringMatching(/^\/etc\/one\/onedock.yaml:1:\d+: /)]);
  });

  it('takes secrets only as names of files', () => {
    expect(problemsOf('registry: { password: secret }')).toEqual([
      '/etc/one/onedock.yaml:1:13 registry.password: is no key that ONEDock knows',
    ]);
  });
});
