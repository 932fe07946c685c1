/**
 * The base layer: Debian with the packages of all roles, made by mmdebstrap. No service of a package starts by itself;
 * what starts is decided by what lies over the layer.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { applyToRoot } from '../provision/apply-to-root.ts';
import { base } from '../provision/base.ts';
import { combine } from '../provision/machine-description.ts';
import { PACKAGES } from '../provision/packages.ts';
import type { Progress } from '../src/sandbox/testbed.ts';
import type { Transport } from '../src/transport/transport.ts';
import type { LayerRecipe } from './layer-store.ts';
import { findPackageSource, type PackageSource, SUITE } from './package-source.ts';
import { quickBoot } from './quick-boot.ts';

/** Recommended packages are left out, so what a machine needs beyond essential ones is named. */
const PACKAGES_OF_A_MACHINE = ['systemd', 'systemd-sysv', 'dbus', ...Object.values(PACKAGES).flat()];

/** A sandbox's machines are used through ONEDock: no manual pages, no translations. */
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/man/*'];

/** Changes when the steps of `build` below do, or what `applyToRoot` makes of a description. */
const VERSION = '2';
const BUILD_TIMEOUT_SECONDS = 1800;

/** @param mirror  base address of a mirror of Debian; undefined: what the user's machine uses itself */
export function baseLayer(
  local: Transport,
  mirror: string | undefined,
  progress: Progress,
  signal?: AbortSignal,
): LayerRecipe {
  const content = combine(base(), quickBoot());
  const packages = PACKAGES_OF_A_MACHINE.toSorted();
  return {
    kind: 'base',
    inputs: [VERSION, SUITE, process.arch, mirror ?? '', packages.join(','), JSON.stringify(content)],
    async build(directory) {
      const source = await findPackageSource(local, mirror);
      progress(`Debian ${SUITE} with ${packages.length} packages from ${source.lines[0]?.split(' ')[1]}`);
      await bootstrap(local, directory, { packages, source, progress, signal });
      await removeWhatIsOfOneMachine(directory);
      applyToRoot({ root: directory, below: [] }, content);
    },
  };
}

interface Bootstrap {
  readonly packages: readonly string[];
  readonly source: PackageSource;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

async function bootstrap(
  local: Transport,
  directory: string,
  { packages, source, progress, signal }: Bootstrap,
): Promise<void> {
  const options = [
    ...['APT::Install-Recommends "false"', ...source.options].map((option) => `--aptopt=${option}`),
    ...['force-unsafe-io', ...LEFT_OUT.map((path) => `path-exclude=${path}`)].map((option) => `--dpkgopt=${option}`),
  ];
  const bootstrapping = ['mmdebstrap', '--mode=root', '--variant=minbase', '--format=directory', ...options];
  const argv = [...bootstrapping, `--include=${packages.join(',')}`, SUITE, directory, '-'];
  await local.run([...ENDS_WITH_ITS_PARENT, ...argv], {
    stdin: `${source.lines.join('\n')}\n`,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeoutSeconds: BUILD_TIMEOUT_SECONDS,
    onOutput: (chunk) => reportSteps(chunk, progress),
    ...(signal ? { signal } : {}),
  });
}

/** A build must not go on when ONEDock was killed: a process namespace ends with its first process. */
const ENDS_WITH_ITS_PARENT = ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--fork', '--pid', '--kill-child'];

/** mmdebstrap tells its steps on lines that begin with `I: `. */
function reportSteps(chunk: string, progress: Progress): void {
  for (const line of chunk.split(/[\r\n]+/)) if (line.startsWith('I: ')) progress(line.slice(3));
}

/** Keys that packages made, and units that they enabled: both are written for each machine by its role. */
async function removeWhatIsOfOneMachine(directory: string): Promise<void> {
  const ssh = join(directory, 'etc/ssh');
  const units = join(directory, 'etc/systemd/system');
  const keys = (await readdir(ssh)).filter((name) => name.startsWith('ssh_host_'));
  const wants = (await readdir(units)).filter((name) => name.endsWith('.wants'));
  const others = ['etc/machine-id', 'etc/hostname', 'etc/resolv.conf'].map((path) => join(directory, path));
  const paths = [...keys.map((name) => join(ssh, name)), ...wants.map((name) => join(units, name)), ...others];
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
}
