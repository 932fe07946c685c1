/** oneacct and oneshowback: records of the front-end as tables, and what is chosen of them. */
import { describe, expect, it } from 'vitest';
import type { Answers } from '../../support/stub-frontend.ts';
import { inUtc } from './in-utc.ts';
import { type } from './type.ts';

inUtc();

const STARTED_AT = Date.UTC(2026, 10, 23, 16, 42, 55) / 1000;

function stay(vmId: number, seq: number, ownerId: number, hostId: number): string {
  const disks = '<DISK><SIZE>1000</SIZE></DISK><DISK><SIZE>48</SIZE></DISK>';
  const vm = `<ID>${vmId}</ID><UID>${ownerId}</UID><GID>${ownerId + 100}</GID><MONITORING><NETRX>2048</NETRX></MONITORING><TEMPLATE><CPU>0.5</CPU><MEMORY>64</MEMORY>${disks}</TEMPLATE>`;
  const ended = seq === 0 ? STARTED_AT + 60 : 0;
  return `<HISTORY><OID>${vmId}</OID><SEQ>${seq}</SEQ><HOSTNAME>h${hostId}</HOSTNAME><HID>${hostId}</HID><STIME>${STARTED_AT}</STIME><ETIME>${ended}</ETIME><ACTION>${seq === 0 ? 19 : 0}</ACTION><UID>-1</UID><VM>${vm}</VM></HISTORY>`;
}

const ACCOUNTS: Answers = {
  'one.vmpool.accounting': `<HISTORY_RECORDS>${[stay(4, 0, 2, 0), stay(4, 1, 2, 1), stay(5, 0, 0, 1), stay(6, 0, 2, 0)].join('')}</HISTORY_RECORDS>`,
};

const HEADER = ' VID HOSTNAME        ACTION               START_TIME       END_TIME MEMORY CPU  NETRX  NETTX   DISK';
const title = (user: number) => `# User ${user}`.padEnd(80);

describe('oneacct', () => {
  it('has a table for each user', async () => {
    const { stdout } = await type('oneacct', ACCOUNTS);
    expect(stdout.split('\n')).toEqual([
      title(2),
      '',
      HEADER,
      '   4 h0              poweroff         11/23 16:42:55 11/23 16:43:55    64M 0.5     2K     0K     1G',
      '   4 h1              none             11/23 16:42:55              -    64M 0.5     2K     0K     1G',
      '   6 h0              poweroff         11/23 16:42:55 11/23 16:43:55    64M 0.5     2K     0K     1G',
      '',
      title(0),
      '',
      HEADER,
      '   5 h1              poweroff         11/23 16:42:55 11/23 16:43:55    64M 0.5     2K     0K     1G',
      '',
      '',
    ]);
  });

  it('has a table for each VM with --split', async () => {
    const { stdout } = await type('oneacct --split -l VID,SEQ', ACCOUNTS);
    expect(stdout).toBe(
      [title(2), '', ' VID SEQ', '   4   0', '   4   1', '', ' VID SEQ', '   6   0', '']
        .concat([title(0), '', ' VID SEQ', '   5   0', '', ''])
        .join('\n'),
    );
  });

  it('names the owner in comma separated values', async () => {
    const { stdout } = await type('oneacct --csv -l UID,VID', ACCOUNTS);
    expect(stdout).toBe('UID,VID\n2,4\n2,4\n2,6\n0,5\n');
  });

  it.each([
    ['oneacct --csv -l VID,SEQ -H 1', ['4,1', '5,0']],
    ['oneacct --csv -l VID,SEQ -g 100', ['5,0']],
    ['oneacct --csv -l VID,SEQ --xpath HISTORY[SEQ=1]', ['4,1']],
    ['oneacct --csv -l VID,SEQ -H 1 --xpath HISTORY[OID=6]', ['4,1', '6,0', '5,0'].toSorted()],
  ])('leaves out what is not chosen: %s', async (line, rows) => {
    const { stdout } = await type(line, ACCOUNTS);
    expect(stdout.trim().split('\n').slice(1).toSorted()).toEqual(rows);
  });

  it('counts a day to its end, and says which time is shown', async () => {
    const { calls, stdout } = await type('oneacct -u 2 -s 2026-11-01 -e 2026-11-30', ACCOUNTS);
    const at = (month: number, day: number) => Date.UTC(2026, month - 1, day) / 1000;
    expect(calls).toEqual([['one.vmpool.accounting', 2, at(11, 1), at(12, 1)]]);
    expect(stdout.split('\n')[0]).toBe(
      'Showing active history records from 2026-11-01 00:00:00 +0000 to 2026-12-01 00:00:00 +0000',
    );
  });

  it('prints records one behind the other with -x', async () => {
    const { stdout } = await type('oneacct -x', ACCOUNTS);
    expect(stdout).toMatch(/^<HISTORY_RECORDS>\n<HISTORY>\n {2}<OID>4<\/OID>\n/);
    expect(stdout).toMatch(/<\/HISTORY><HISTORY>\n/);
    expect(stdout).toMatch(/<\/HISTORY>\n<\/HISTORY_RECORDS>\n$/);
  });

  it.each([
    ['oneacct -s soon', 'invalid argument: -s soon\n'],
    ['oneacct --start=soon', 'invalid argument: --start=soon\n'],
    ['oneacct --xpath HISTORY[', "'/HISTORY_RECORDS/HISTORY[' is not a path that can be read.\n"],
    ['oneacct list', 'Wrong number of arguments\nNo argument is required\n'],
  ])('refuses %s', async (line, stderr) => {
    expect(await type(line, ACCOUNTS)).toMatchObject({ stdout: '', stderr, exitCode: 255 });
  });

  it('has no commands in its help', async () => {
    const { stdout, exitCode } = await type('oneacct --help', {});
    expect(exitCode).toBe(0);
    expect(stdout).toContain('`oneacct` [<options>]\n');
    expect(stdout).not.toContain('## COMMANDS');
  });
});

const SHOWBACK: Answers = {
  'one.vmpool.showback': `<SHOWBACK_RECORDS>${[10, 11]
    .map(
      (month) =>
        `<SHOWBACK><VMID>7</VMID><VMNAME>web</VMNAME><UID>2</UID><GID>1</GID><UNAME>alice</UNAME><GNAME>users</GNAME><YEAR>2026</YEAR><MONTH>${month}</MONTH><HOURS>12.5</HOURS><TOTAL_COST>6.25</TOTAL_COST></SHOWBACK>`,
    )
    .join('')}</SHOWBACK_RECORDS>`,
};

describe('oneshowback', () => {
  it('has a table for each month', async () => {
    const { stdout } = await type('oneshowback list', SHOWBACK);
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      '# Showback for 10/2026'.padEnd(80),
      '',
      'USER_NAM GROUP_NA  VM_ID VM_NAME         MONTH  YEAR  HOURS RUNNING            COST',
      'alice    users         7 web                10  2026   12.5       -            6.25',
      '',
      '# Showback for 11/2026'.padEnd(80),
    ]);
  });

  it('prints comma separated values and documents', async () => {
    expect((await type('oneshowback list --csv -l VM_ID,MONTH,COST -g 1', SHOWBACK)).stdout).toBe(
      'VM_ID,MONTH,COST\n7,10,6.25\n7,11,6.25\n',
    );
    expect((await type('oneshowback list --csv -l VM_ID -g 0', SHOWBACK)).stdout).toBe('VM_ID\n');
    expect(JSON.parse((await type('oneshowback list -j', SHOWBACK)).stdout).SHOWBACK_RECORDS.SHOWBACK).toHaveLength(2);
  });
});
