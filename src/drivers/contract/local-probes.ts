/**
 * Probes of a monitoring driver in a remotes folder, run on the front-end as OpenNebula's `one_im_sh` has them run: every
 * executable file of `im/<driver>-probes.d/<folder>`, in the order of names, with driver, id and name of the host
 * (src/im_mad/remotes/lib/monitord_client.rb and etc/monitord.conf, 7.4).
 */
import { access, constants, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import type { MonitoredHost, MonitorReport } from './driver-runner.ts';
import { fail } from './errors.ts';

interface Probes {
  readonly folder: string;
  readonly type: MonitorReport['type'];
  /** PROBES_PERIOD of monitord.conf. */
  readonly periodSeconds: number;
  /** A host whose probes of these kinds fail is in error; those of VMs only say nothing. */
  readonly isVital: boolean;
}

/** In the order of the first round: a host is known before its VMs are. */
const PROBES: readonly Probes[] = [
  { folder: 'host/system', type: 'SYSTEM_HOST', periodSeconds: 600, isVital: true },
  { folder: 'host/monitor', type: 'MONITOR_HOST', periodSeconds: 120, isVital: true },
  { folder: 'vm/status', type: 'STATE_VM', periodSeconds: 5, isVital: false },
  { folder: 'vm/execution', type: 'EXEC_VM', periodSeconds: 5, isVital: false },
  { folder: 'vm/monitor', type: 'MONITOR_VM', periodSeconds: 30, isVital: false },
  { folder: 'host/beacon', type: 'BEACON_HOST', periodSeconds: 30, isVital: true },
];

export interface ProbeOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LocalProbesOptions {
  /** `im/<driver>-probes.d` of the remotes folder. */
  readonly folder: string;
  readonly driver: string;
  readonly host: MonitoredHost;
  readonly report: (report: MonitorReport) => void;
  readonly signal: AbortSignal;
  /** Runs a probe to its end, whatever its exit code. */
  readonly run: (command: readonly string[], signal: AbortSignal) => Promise<ProbeOutcome>;
}

/** Reports until the signal is aborted. @throws PROBE_FAILED, PROBES_MISSING */
export async function runLocalProbes(options: LocalProbesOptions): Promise<void> {
  const kinds = await Promise.all(
    PROBES.map(async (kind) => ({ ...kind, files: await executables(join(options.folder, kind.folder)) })),
  );
  const present = kinds.filter(({ files }) => files.length > 0);
  if (!present.some(({ type }) => type === 'SYSTEM_HOST')) throw fail('PROBES_MISSING', options);
  for (const kind of present) await round(options, kind, options.signal);
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  await Promise.all(
    present.map(async (kind) => {
      try {
        for await (const _ of every(kind.periodSeconds, signal)) await round(options, kind, signal);
      } finally {
        failed.abort();
      }
    }),
  );
}

type Kind = Probes & { readonly files: readonly string[] };

/** What the probes of a kind print, joined, is one report. */
async function round(options: LocalProbesOptions, { type, files, isVital }: Kind, signal: AbortSignal): Promise<void> {
  const { driver, host, report, run } = options;
  const texts: string[] = [];
  for (const file of files) {
    const { exitCode, stdout, stderr } = await run([file, driver, String(host.id), host.name], signal);
    if (exitCode === 0) texts.push(stdout.trim());
    else if (isVital) throw fail('PROBE_FAILED', { probe: file, reason: stderr.trim() || `exit code ${exitCode}` });
  }
  const text = texts.filter((each) => each !== '').join('\n');
  if (text !== '') report({ type, text });
}

/** Paths of the regular, executable files of a folder, by name; none when there is no such folder. */
async function executables(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.sort().map((name) => join(folder, name));
  const are = await Promise.all(paths.map(isExecutable));
  return paths.filter((_, i) => are[i]);
}

/** A link that leads nowhere is none. */
async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Ends when the signal is aborted. */
async function* every(seconds: number, signal: AbortSignal): AsyncGenerator<void> {
  try {
    yield* setInterval(seconds * 1000, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
