import { describe, expect, it } from 'vitest';
import { readResult } from '../../../../src/drivers/im/onedock/commands.ts';
import { commandReport } from '../../../../src/drivers/im/onedock/reports.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';

const base64 = (value: string) => Buffer.from(value).toString('base64');
const told = (printed: string) => {
  const end = readResult(printed);
  return end && parseTemplate(`${commandReport(5, end).text}\n`).vector('VM');
};

describe('the end of a command in a VM', () => {
  it('is told in the words of the agent for KVM', () => {
    expect(told(`12 3\n${base64('out\n')}\n${base64('err "quoted"\n')}\n`)).toEqual({
      ID: '5',
      PID: '12',
      STATUS: 'DONE',
      RETURN_CODE: '3',
      STDOUT: base64('out\n'),
      STDERR: base64('err "quoted"\n'),
    });
  });

  it('is told of a command that has printed nothing', () => {
    expect(told('12 0\n\n\n')).toMatchObject({ RETURN_CODE: '0', STDOUT: '', STDERR: '' });
  });

  it('says when more was printed than is kept', () => {
    const vm = told(`12 0\n\n${base64('x'.repeat(16 * 1024 + 1))}\n`);
    expect(vm).toMatchObject({ TRUNCATED: 'YES', STDERR: base64('x'.repeat(16 * 1024)) });
    expect(told(`12 0\n\n${base64('x'.repeat(16 * 1024))}\n`)).not.toHaveProperty('TRUNCATED');
  });

  it('is not known without a result', () => {
    expect(readResult('')).toBeUndefined();
    expect(readResult('no such file\n')).toBeUndefined();
  });
});
