import { describe, expect, it } from 'vitest';
import { briefFiles } from '../../../../src/drivers/hosts/brief-files.ts';

const file = (name: string, content: string | Buffer, mode = 0o644) => ({ name, content: Buffer.from(content), mode });

describe('briefFiles', () => {
  it('has a line for each file: mode, name, and bytes as printf of a shell reads them', () => {
    const files = [file('context.sh', "A='x y'\n"), file('key', Buffer.of(0, 0x5c, 0xff), 0o600), file('empty', '')];
    expect(briefFiles(files)?.stdin).toBe(
      "644 context.sh A='x\\0040y'\\0012\n600 key \\0000\\0134\\0377\n644 empty \n",
    );
  });

  it('has one line of words, since a call has', () => {
    expect(briefFiles([file('a', 'b')])?.argv.join(' ')).not.toContain('\n');
  });

  it.each([
    ['a name that a shell would split', [file('my notes', '')]],
    ['a name that is an option', [file('-r', '')]],
    ['more than a shell should read byte by byte', [file('large', 'x'.repeat(9000))]],
  ])('leaves %s to an archive', (_, files) => {
    expect(briefFiles(files)).toBeUndefined();
  });
});
