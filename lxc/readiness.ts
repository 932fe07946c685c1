/**
 * How a machine says that it is ready: a last unit of its boot makes a file in a folder that the user's machine
 * watches. Nothing is asked again and again, and a service that failed is told at once.
 */
import { watch } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineDescription } from '../provision/machine-description.ts';
import { unitText } from '../provision/unit-text.ts';
import { traced } from '../src/tracing/spans.ts';

/** Where the folder appears in the machine. */
export const REPORT_FOLDER = '/run/onedock';

const READY_UNIT = 'onedock-ready.service';
const FAILED_UNIT = 'onedock-failed.service';

/** A description of units that report when `units` are active, or which of them failed. */
export function readinessReport(units: readonly string[]): MachineDescription {
  const failed = `${REPORT_FOLDER}/failed`;
  const ready = unitText({
    Unit: {
      Description: 'Report that the machine is ready',
      Requires: units.join(' '),
      After: units.join(' '),
      OnFailure: FAILED_UNIT,
    },
    Service: { Type: 'oneshot', ExecStart: `/bin/touch ${REPORT_FOLDER}/ready` },
  });
  const report = `systemctl list-units --state=failed,auto-restart --plain --no-legend >${failed}.part; mv ${failed}.part ${failed}`;
  const notReady = unitText({
    Unit: { Description: 'Report that the machine is not ready' },
    Service: { Type: 'oneshot', ExecStart: `/bin/sh -c '${report}'` },
  });
  return {
    files: [
      { path: `/etc/systemd/system/${READY_UNIT}`, mode: 0o644, content: ready },
      { path: `/etc/systemd/system/${FAILED_UNIT}`, mode: 0o644, content: notReady },
    ],
    units: [{ name: READY_UNIT, wantedBy: 'multi-user.target' }],
  };
}

export type Report = { readonly state: 'ready' } | { readonly state: 'failed'; readonly units: readonly string[] };

/** Empties the folder, before a machine is started. */
export async function clearReport(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

export async function readReport(folder: string): Promise<Report | undefined> {
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => undefined);
  const [ready, failed] = await Promise.all([read('ready'), read('failed')]);
  if (failed !== undefined) return { state: 'failed', units: failedUnits(failed) };
  return ready === undefined ? undefined : { state: 'ready' };
}

/** Waits for the report; undefined when the time is over. @throws the signal's reason when it is aborted */
export function waitForReport(
  folder: string,
  timeoutSeconds: number,
  signal?: AbortSignal,
): Promise<Report | undefined> {
  return traced('The machine says that it is ready', () => reported(folder, timeoutSeconds, signal));
}

async function reported(folder: string, timeoutSeconds: number, signal?: AbortSignal): Promise<Report | undefined> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Report | undefined>();
  const look = () =>
    readReport(folder).then((report) => {
      if (report) resolve(report);
    }, reject);
  const watcher = watch(folder, look).on('error', reject);
  const deadline = setTimeout(() => resolve(undefined), timeoutSeconds * 1000);
  const giveUp = () => reject(signal?.reason);
  signal?.addEventListener('abort', giveUp);
  void look();
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
    watcher.close();
    signal?.removeEventListener('abort', giveUp);
  }
}

/** First words of the lines that systemctl prints. */
function failedUnits(text: string): string[] {
  return text.split('\n').flatMap((line) => line.trim().split(' ')[0] || []);
}
