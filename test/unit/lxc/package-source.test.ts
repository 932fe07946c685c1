import { describe, expect, it } from 'vitest';
import { findPackageSource, sourceLinesFromTargets } from '../../../lxc/package-source.ts';
import { RecordingTransport } from '../../support/recording-transport.ts';

describe('sourceLinesFromTargets', () => {
  it("takes the user's machine's own mirror", () => {
    const targets = [
      'https://packages.example.org/apt nodistro Example',
      'http://mirror.example.org/debian bookworm Debian',
      'http://mirror.example.org/debian bookworm-updates Debian',
      'http://mirror.example.org/sec bookworm-security Debian',
    ];
    expect(sourceLinesFromTargets(targets)).toEqual([
      'deb http://mirror.example.org/debian bookworm main',
      'deb http://mirror.example.org/debian bookworm-updates main',
      'deb http://mirror.example.org/sec bookworm-security main',
    ]);
  });

  it('takes the mirror of another release for this one', () => {
    const [main] = sourceLinesFromTargets(['http://mirror.example.org/debian trixie Debian']);
    expect(main).toBe('deb http://mirror.example.org/debian bookworm main');
  });

  it("asks Debian's own servers on another distribution", () => {
    expect(sourceLinesFromTargets(['http://archive.example.com/ubuntu noble Ubuntu'])).toEqual([
      'deb http://deb.debian.org/debian bookworm main',
      'deb http://deb.debian.org/debian bookworm-updates main',
      'deb http://deb.debian.org/debian-security bookworm-security main',
    ]);
  });
});

describe('findPackageSource', () => {
  it('takes a mirror that was given, and its security suite beside it', async () => {
    const { lines } = await findPackageSource(new RecordingTransport(), 'http://mirror.example.org/debian');
    expect(lines.at(-1)).toBe('deb http://mirror.example.org/debian-security bookworm-security main');
  });

  it("passes the user's machine's proxies on, and nothing else of its settings", async () => {
    const dump = 'Acquire "";\nAcquire::http::Proxy "http://proxy:3128";\nAcquire::Retries "3";\n';
    const { options } = await findPackageSource(new RecordingTransport({ 'apt-config': dump }));
    expect(options).toEqual(['Acquire::http::Proxy "http://proxy:3128";']);
  });

  it('works where there is no apt', async () => {
    const local = new RecordingTransport({ apt: { exitCode: 127 } });
    expect((await findPackageSource(local)).lines[0]).toContain('deb.debian.org');
  });
});
