/** Where Debian's packages come from: the setting if there is one, else the user's machine's own sources. */
import type { Transport } from '../src/transport/transport.ts';

/** The release of machines. Later ones need cgroup v2: their systemd does not start under v1. */
export const SUITE = 'bookworm';
const STANDARD_MIRROR = 'http://deb.debian.org/debian';
const STANDARD_SECURITY_MIRROR = 'http://deb.debian.org/debian-security';

export interface PackageSource {
  /** Lines of sources.list(5). */
  readonly lines: readonly string[];
  /** Settings of apt.conf(5), as proxies of the user's machine. */
  readonly options: readonly string[];
}

/** @param mirror  base address of a mirror of Debian; undefined: what the user's machine uses itself */
export async function findPackageSource(local: Transport, mirror?: string): Promise<PackageSource> {
  const options = await proxyOptions(local);
  if (mirror !== undefined) return { lines: sourceLines(mirror, mirror), options };
  const format = ['--format', '$(SITE) $(RELEASE) $(ORIGIN)', 'Created-By: Packages'];
  const targets = await local.run(['apt-get', 'indextargets', ...format]).catch(() => ({ stdout: '' }));
  return { lines: sourceLinesFromTargets(targets.stdout.split('\n')), options };
}

/**
 * @param targets  lines `<site> <release> <origin>` of `apt-get indextargets`. A mirror that has another release of
 *                 Debian has this one too. On another distribution Debian's own servers are used.
 */
export function sourceLinesFromTargets(targets: readonly string[]): string[] {
  const debian = targets.map((line) => line.split(' ')).filter(([, , origin]) => origin === 'Debian');
  const security = debian.find(([, release = '']) => /-security$/.test(release));
  const main = debian.find(([, release = '']) => !/-(security|updates|backports)/.test(release));
  const mirror = main?.[0] ?? STANDARD_MIRROR;
  return sourceLines(mirror, security?.[0] ?? STANDARD_SECURITY_MIRROR);
}

function sourceLines(mirror: string, security: string): string[] {
  const securityMirror = security === mirror ? mirror.replace(/\/debian\/?$/, '/debian-security') : security;
  return [
    `deb ${mirror} ${SUITE} main`,
    `deb ${mirror} ${SUITE}-updates main`,
    `deb ${securityMirror} ${SUITE}-security main`,
  ];
}

/** What the environment says of proxies reaches apt by itself; what apt.conf says of them is passed on. */
async function proxyOptions(local: Transport): Promise<string[]> {
  const dump = await local.run(['apt-config', 'dump', '--no-empty', 'Acquire']).catch(() => ({ stdout: '' }));
  return dump.stdout.split('\n').filter((line) => /^Acquire::https?::(Proxy|Proxy-Auto-Detect)\b/.test(line));
}
