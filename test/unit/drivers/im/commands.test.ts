import { describe, expect, it, vi } from 'vitest';
import type { MonitorReport } from '../../../../src/drivers/contract/driver-runner.ts';
import type { DockerHost } from '../../../../src/drivers/hosts/docker-hosts.ts';
import { Commands, readResult } from '../../../../src/drivers/im/onedock/commands.ts';
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

describe('commands in the VMs of a host', () => {
  const id = 'a'.repeat(64);

  it('are looked for once for all processes that end meanwhile', async () => {
    let searches = 0;
    const host = {
      async run() {
        searches++;
        return { stdout: '' };
      },
    } as unknown as DockerHost;
    const commands = new Commands({
      host,
      datastoreLocation: '/var/lib/one//datastores',
      settleSeconds: 0,
      report: () => expect.unreachable(),
      signal: new AbortController().signal,
      warn: (warning) => expect.unreachable(warning),
    });
    for (let i = 0; i < 100; i++) commands.ended(String(i));
    await new Promise(setImmediate);
    expect(searches).toBe(2);
    commands.ended('another');
    expect(searches).toBe(3);
  });

  it('are looked at again when one ends while it is looked at', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const results = ['running\n', '12 0\n\n\n'];
    let record = `7-${id}`;
    const host = {
      docker: {
        find: async () => ({ State: { Running: true, Paused: false } }),
        commands: {
          async run() {
            ask();
            await answered;
            return { exitCode: 0, stdout: results.shift(), stderr: '' };
          },
        },
      },
      lock: async () => ({ [Symbol.asyncDispose]: async () => {} }),
      run: async ([, place = '']: readonly string[]) => ({
        stdout: place.endsWith('/command') ? `${record}\n` : `0/5/command/${record}\n`,
      }),
      sendFiles: async ([file]: readonly { readonly name: string }[]) => {
        record = file?.name ?? '';
      },
    } as unknown as DockerHost;
    const reports: MonitorReport[] = [];
    const commands = new Commands({
      host,
      datastoreLocation: '/var/lib/one//datastores',
      settleSeconds: 0,
      report: (report) => void reports.push(report),
      signal: new AbortController().signal,
      warn: (warning) => expect.unreachable(warning),
    });
    await commands.look();
    await asked;
    commands.ended(id);
    await new Promise(setImmediate);
    answer();
    await vi.waitUntil(() => record === '7-told');
    expect(reports.map(({ type }) => type)).toEqual(['EXEC_VM']);
  });
});
