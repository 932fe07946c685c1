import { describe, expect, it } from 'vitest';
import { keyringArguments, mirrorLines, ofRelease, releaseOf, requireMirror } from '../../vm/releases.ts';

describe('a release of the stock machine', () => {
  it('is one of the table', () => {
    expect(releaseOf('trixie')).toBe('trixie');
    expect(() => releaseOf('hamm')).toThrow('There is no release hamm; there are bookworm, trixie, jammy, noble.');
  });

  it('of Debian comes from the mirrors of this machine, each under its name, security updates included', () => {
    const lines = ['deb http://m/debian bookworm main', 'deb http://m/debian-security bookworm-security main'];
    expect(ofRelease({ lines, options: ['o'] }, 'bookworm', 'trixie')).toEqual({
      lines: ['deb http://m/debian trixie main', 'deb http://m/debian-security trixie-security main'],
      options: ['o'],
    });
  });

  it('of Ubuntu is refused without a mirror, with the reason', () => {
    expect(() => requireMirror('noble', {})).toThrow(
      /Debian's mirrors, which do not have it\. Name a mirror of Ubuntu/,
    );
    expect(() => requireMirror('noble', { mirror: 'http://m/ubuntu' })).not.toThrow();
    expect(() => requireMirror('bookworm', {})).not.toThrow();
  });

  it('comes from the mirror that is named', () => {
    expect(mirrorLines('noble', 'http://m/ubuntu')).toEqual([
      'deb http://m/ubuntu noble main universe',
      'deb http://m/ubuntu noble-updates main universe',
      'deb http://m/ubuntu noble-security main universe',
    ]);
    expect(mirrorLines('trixie', 'http://m/debian')[2]).toBe('deb http://m/debian-security trixie-security main');
  });

  it('of another distribution is checked by the keys in a file that must be there', async () => {
    expect(await keyringArguments('bookworm', {})).toEqual([]);
    expect(await keyringArguments('noble', { keyring: import.meta.filename })).toEqual([
      `--keyring=${import.meta.filename}`,
    ]);
    await expect(keyringArguments('noble', { keyring: '/nowhere' })).rejects.toThrow('--keyring');
  });
});
