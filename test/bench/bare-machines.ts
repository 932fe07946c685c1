/**
 * The floor under `onedock up`: LXC machines of the same packages, with a Docker Engine and nothing of ours. They are made
 * beforehand; what is measured is from the first `lxc-start` until the last Engine says that it answers.
 */
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { baseLayer } from '../../lxc/base-layer.ts';
import { killContainers, startContainer } from '../../lxc/containers.ts';
import { layersFolder } from '../../lxc/images.ts';
import { ensureLayer } from '../../lxc/layer-store.ts';
import { dataBinds, reportFolder, writeMachine } from '../../lxc/machine-folder.ts';
import { containerName, DEFAULT_PLACES } from '../../lxc/names.ts';
import { quickBoot } from '../../lxc/quick-boot.ts';
import { clearReport, REPORT_FOLDER, readinessReport, waitForReport } from '../../lxc/readiness.ts';
import { allLinks } from '../../provision/apply-to-root.ts';
import { base } from '../../provision/base.ts';
import { dockerEngine } from '../../provision/docker-engine.ts';
import { type CompleteDescription, combine } from '../../provision/machine-description.ts';
import { LocalTransport } from '../../src/transport/local.ts';
import { NotMeasurable } from './figure.ts';

export interface BareMachines extends AsyncDisposable {
  /** Starts all at once, and stops them. @returns seconds until all Engines answered */
  startAndStop(): Promise<number>;
}

/** A real file system, on which an overlay can lie. */
const PARENT = '/var/lib';
const ENGINE_UNITS = ['containerd.service', 'docker.service'];
const START_TIMEOUT_SECONDS = 60;

/** As Debian's packages have a machine start, or as ONEDock's layers do. */
export type Boot = 'stock' | 'quick';

export async function makeBareMachines(count: number, boot: Boot = 'stock'): Promise<BareMachines> {
  if (process.getuid?.() !== 0) throw new NotMeasurable('LXC machines need root.');
  const local = new LocalTransport();
  const layer = await ensureLayer(
    layersFolder(DEFAULT_PLACES),
    baseLayer(local, undefined, () => {}),
  );
  const content = combine(base(), dockerEngine([]), readinessReport(ENGINE_UNITS), {
    // Without one systemd takes the boot for the first of an installation, and starts whatever is there.
    files: [{ path: '/etc/machine-id', mode: 0o444, content: `${'0'.repeat(31)}1\n` }],
    units: ENGINE_UNITS.map((name) => ({ name, wantedBy: 'multi-user.target' })),
  });

  await using made = new AsyncDisposableStack();
  const parent = await mkdtemp(join(PARENT, 'onedock-bench-'));
  made.defer(() => rm(parent, { recursive: true, force: true }));
  const names = Array.from({ length: count }, (_, i) => containerName(`${boot}-${process.pid}`, `host-${i + 1}`));
  for (const name of names) {
    await write(join(parent, name), name, [layer], content);
    if (boot === 'stock') await hide(local, join(parent, name), pathsOf(combine(quickBoot())));
  }
  const stop = () => killContainers(local, parent, new Set(names));
  made.defer(stop);

  const start = async (name: string) => {
    await startContainer(local, parent, name);
    const result = await waitForReport(reportFolder(join(parent, name)), START_TIMEOUT_SECONDS);
    if (result?.state !== 'ready') throw new Error(`The bare machine ${name} did not start.`);
  };
  const all = made.move();
  return {
    async startAndStop() {
      await Promise.all(names.map((name) => clearReport(reportFolder(join(parent, name)))));
      const started = performance.now();
      await Promise.all(names.map(start));
      const seconds = (performance.now() - started) / 1000;
      await stop();
      return seconds;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function pathsOf(description: CompleteDescription): string[] {
  return [...allLinks(description), ...description.files].map(({ path }) => path);
}

/** In an overlay a device of the numbers 0 and 0 stands for nothing, whatever lies below. */
async function hide(local: LocalTransport, folder: string, paths: readonly string[]): Promise<void> {
  const places = paths.map((path) => join(folder, 'upper', path));
  for (const parent of new Set(places.map(dirname))) await mkdir(parent, { recursive: true });
  await local.run(['sh', '-c', 'for place; do mknod "$place" c 0 0; done', 'hide', ...places]);
}

async function write(
  folder: string,
  name: string,
  layers: readonly string[],
  content: Parameters<typeof writeMachine>[1],
): Promise<void> {
  const labels = { sandbox: 'bench', machine: name, role: 'host', address: '-', fingerprint: '-' } as const;
  const binds = [...dataBinds(folder, 'host'), { from: reportFolder(folder), to: REPORT_FOLDER }];
  await writeMachine({ labels, layers, folder, nics: [], binds }, content);
  await appendFile(join(folder, 'config'), 'lxc.net.0.type = empty\n');
}
