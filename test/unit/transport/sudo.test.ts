import { describe, expect, it } from 'vitest';
import { SudoTransport } from '../../../src/transport/sudo.ts';
import { RecordingTransport } from '../../support/recording-transport.ts';

describe('SudoTransport', () => {
  it('runs commands as root, without asking for a password', async () => {
    const place = new RecordingTransport();
    await new SudoTransport(place).run(['id', '-u'], { stdin: 'in' });
    expect(place.runs).toEqual([{ argv: ['sudo', '-n', '--', 'id', '-u'], stdin: 'in' }]);
  });

  it('sets folder and environment behind sudo, which clears them', async () => {
    const place = new RecordingTransport();
    await new SudoTransport(place).run(['true'], { env: { A: 'b c' }, cwd: '/srv' });
    expect(place.lines).toEqual(["sudo -n -- env --chdir=/srv 'A=b c' true"]);
  });

  it('puts a file by way of one of the ordinary user’s, which goes again', async () => {
    const place = new RecordingTransport();
    await new SudoTransport(place).put(import.meta.filename, '/etc/file');
    const own = place.runs[0]?.argv[2] ?? '';
    expect(own).toMatch(/^\/tmp\/onedock-[0-9a-f]{16}$/);
    expect(place.lines.slice(1)).toEqual([
      expect.stringMatching(new RegExp(`^sudo -n -- install -m [0-7]+ -- ${own} /etc/file$`)),
      `rm -f -- ${own}`,
    ]);
  });
});
