import { describe, expect, it } from 'vitest';
import { runXPath } from '../../../../src/cli/xpath/command.ts';

const VM = `<VM>
  <ID>7</ID>
  <STATE>3</STATE>
  <DEPLOY_ID/>
  <NAME><![CDATA[a & b]]></NAME>
  <EMPTY><![CDATA[]]></EMPTY>
  <TEMPLATE>
    <DISK><DISK_ID><![CDATA[0]]></DISK_ID><SIZE>100</SIZE><IMAGE>web</IMAGE></DISK>
    <DISK><DISK_ID><![CDATA[2]]></DISK_ID><SIZE>20</SIZE></DISK>
  </TEMPLATE>
  <HISTORY_RECORDS>
    <HISTORY><SEQ>0</SEQ><DS_ID>100</DS_ID></HISTORY>
    <HISTORY><SEQ>1</SEQ><DS_ID>101</DS_ID></HISTORY>
  </HISTORY_RECORDS>
</VM>`;

const run = (...argv: string[]) => runXPath(argv, async () => VM);

describe('xpath.rb', () => {
  it('prints the text of the first element for each path, each followed by a NUL byte', async () => {
    expect(await run('/VM/STATE', '/VM/TEMPLATE/DISK/SIZE')).toEqual({ stdout: '3\x00100\0', stderr: '', exitCode: 0 });
  });

  it('takes the document in base64, whatever stands on standard input', async () => {
    const document = Buffer.from('<IMAGE><STATE>1</STATE></IMAGE>').toString('base64');
    expect(await run('-b', document, '/IMAGE/STATE')).toMatchObject({ stdout: '1\0', exitCode: 0 });
    expect(await run(`--base64=${document}`, '/IMAGE/STATE')).toMatchObject({ stdout: '1\0' });
  });

  it('counts what is missing or has no text in the exit code', async () => {
    expect(await run('/VM/NOPE', '/VM/DEPLOY_ID', '/VM/ID')).toMatchObject({ stdout: '\0\x007\0', exitCode: 2 });
  });

  it('takes an empty value for one that is there', async () => {
    expect(await run('/VM/EMPTY')).toMatchObject({ stdout: '\0', exitCode: 0 });
  });

  it('gives the white space before the first child as the text of an element with children', async () => {
    expect(await run('/VM/TEMPLATE')).toMatchObject({ stdout: '\n    \0', exitCode: 0 });
  });

  it('joins all matches of a path behind %m%, which is never an error', async () => {
    expect(await run('%m%/VM/TEMPLATE/DISK/SIZE', '%m%/VM/NOPE')).toMatchObject({ stdout: '100 20\0\0', exitCode: 0 });
  });

  it('prints an element as XML with -t', async () => {
    expect(await run('-t', '/VM/TEMPLATE/DISK[DISK_ID=2]')).toMatchObject({
      stdout: '<DISK><DISK_ID><![CDATA[2]]></DISK_ID><SIZE>20</SIZE></DISK>\0',
    });
  });

  it.each([
    ['a leaf that equals a text', "/VM/TEMPLATE/DISK[DISK_ID='2']/SIZE", '20'],
    ['a leaf that equals a number', '/VM/TEMPLATE/DISK[DISK_ID=2]/SIZE', '20'],
    ['blanks around the sign', '/VM/TEMPLATE/DISK[DISK_ID = 2]/SIZE', '20'],
    ['a position', '/VM/TEMPLATE/DISK[2]/SIZE', '20'],
    ['the last one', '/VM/HISTORY_RECORDS/HISTORY[last()]/DS_ID', '101'],
    ['the last but one', '/VM/HISTORY_RECORDS/HISTORY[last()-1]/DS_ID', '100'],
    ['a leaf that is there', '/VM/TEMPLATE/DISK[IMAGE]/DISK_ID', '0'],
    ['a leaf that is not there', '/VM/TEMPLATE/DISK[not(IMAGE)]/DISK_ID', '2'],
    ['an order', '/VM/TEMPLATE/DISK[SIZE<50]/DISK_ID', '2'],
    ['both of two', '/VM/TEMPLATE/DISK[SIZE>50 and IMAGE="web"]/DISK_ID', '0'],
    ['one of two', '/VM/TEMPLATE/DISK[SIZE=7 or DISK_ID=2]/SIZE', '20'],
    ['any level', '//DISK[2]/SIZE', '20'],
    ['any name', '/VM/*/DISK/SIZE', '100'],
    ['the parent', '/VM/TEMPLATE/DISK/SIZE/../DISK_ID', '0'],
    ['a relative path', 'ID', ''],
  ])('finds by %s', async (_title, path, expected) => {
    expect((await run(path)).stdout).toBe(`${expected}\0`);
  });

  it.each([[['/VM/[', '/VM/ID']], [['--nonsense', '/VM/ID']]])('refuses %j', async (argv) => {
    expect(await run(...argv)).toMatchObject({ stdout: '', exitCode: 255 });
  });

  it('refuses what is no document', async () => {
    expect(await runXPath(['/VM'], async () => 'VM 7')).toMatchObject({ stdout: '', exitCode: 255 });
  });
});
