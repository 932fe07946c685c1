import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { clearReport, readinessReport, readReport, waitForReport } from '../../../lxc/readiness.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onedock-report-'));
  return () => rm(folder, { recursive: true });
});

describe('waitForReport', () => {
  it('is told at once when the machine is ready', async () => {
    const waiting = waitForReport(folder, 10);
    await writeFile(join(folder, 'ready'), '');
    expect(await waiting).toEqual({ state: 'ready' });
  });

  it('sees a report that was there before', async () => {
    await writeFile(join(folder, 'ready'), '');
    expect(await waitForReport(folder, 10)).toEqual({ state: 'ready' });
  });

  it('is told which units failed', async () => {
    const waiting = waitForReport(folder, 10);
    await writeFile(
      join(folder, 'failed.part'),
      'docker.service loaded failed failed Docker\nx.service loaded a b C\n',
    );
    await rename(join(folder, 'failed.part'), join(folder, 'failed'));
    expect(await waiting).toEqual({ state: 'failed', units: ['docker.service', 'x.service'] });
  });

  it('ends without a report when the time is over', async () => {
    expect(await waitForReport(folder, 0.05)).toBeUndefined();
  });

  it('ends with the reason when it is aborted at its first look', async () => {
    const abort = new AbortController();
    const waiting = waitForReport(folder, 10, abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

it('clearReport forgets the last start', async () => {
  await writeFile(join(folder, 'ready'), '');
  await clearReport(folder);
  expect(await readReport(folder)).toBeUndefined();
});

it('readinessReport waits for every unit and has a failure reported', () => {
  const [ready] = readinessReport(['ssh.service', 'docker.service']).files ?? [];
  expect(ready?.content).toContain('Requires=ssh.service docker.service\nAfter=ssh.service docker.service');
  expect(ready?.content).toContain('OnFailure=onedock-failed.service');
});
