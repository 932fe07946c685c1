/**
 * What stock machines there are, and where each one's packages come from. Debian's mirrors have all of Debian's releases,
 * so those of the machine that runs the test serve; Ubuntu's packages come from the mirror that is named.
 */
import { access } from 'node:fs/promises';
import type { PackageSource } from '../../lxc/package-source.ts';

export interface Distribution {
  readonly title: string;
  /** A kernel for virtual machines with the modules nbd, isofs and overlay. */
  readonly kernel: string;
  readonly components: string;
  /** Suites beside the release itself; `-security` lies under the mirror itself, or beside it under another name. */
  readonly securityMirror: (mirror: string) => string;
  /** Keys that sign its packages, where they are not those of the machine that runs the test. */
  readonly keyring?: string;
}

const DEBIAN = {
  title: 'Debian',
  kernel: 'linux-image-cloud-amd64',
  components: 'main',
  securityMirror: (mirror: string) => mirror.replace(/\/debian\/?$/, '/debian-security'),
};

const UBUNTU = {
  title: 'Ubuntu',
  kernel: 'linux-image-generic',
  components: 'main universe',
  securityMirror: (mirror: string) => mirror,
  keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
};

export const RELEASES = {
  bookworm: DEBIAN,
  trixie: DEBIAN,
  jammy: UBUNTU,
  noble: UBUNTU,
} as const satisfies Record<string, Distribution>;

export type Release = keyof typeof RELEASES;

export interface MirrorOptions {
  /** Base address of a mirror of the distribution. */
  readonly mirror?: string | undefined;
  /** File of the keys that sign it. */
  readonly keyring?: string | undefined;
}

export function releaseOf(name: string): Release {
  if (!isRelease(name)) throw new Error(`There is no release ${name}; there are ${Object.keys(RELEASES).join(', ')}.`);
  return name;
}

function isRelease(name: string): name is Release {
  return name in RELEASES;
}

/** @throws when the release can only come from a mirror that was not named */
export function requireMirror(release: Release, { mirror }: MirrorOptions): void {
  const { title }: Distribution = RELEASES[release];
  if (mirror !== undefined || title === 'Debian') return;
  throw new Error(
    `${title} ${release} cannot be built: this test takes packages from Debian's mirrors, which do not have it. ` +
      `Name a mirror of ${title} with --mirror.`,
  );
}

/** Sources of a release under a mirror, as sources.list(5) has them. */
export function mirrorLines(release: Release, mirror: string): string[] {
  const { components, securityMirror }: Distribution = RELEASES[release];
  return [
    `deb ${mirror} ${release} ${components}`,
    `deb ${mirror} ${release}-updates ${components}`,
    `deb ${securityMirror(mirror)} ${release}-security ${components}`,
  ];
}

/** Keys for mmdebstrap where the machine that runs the test has others. @throws when the file is not there */
export async function keyringArguments(release: Release, { keyring }: MirrorOptions): Promise<string[]> {
  const file = keyring ?? (RELEASES[release] as Distribution).keyring;
  if (file === undefined) return [];
  await access(file).catch((cause) => {
    throw new Error(`The keys of ${release} are not in ${file}. Name their file with --keyring.`, { cause });
  });
  return [`--keyring=${file}`];
}

/** A mirror has all releases in use, each under its name. @param suite  the release that the lines name */
export function ofRelease({ lines, options }: PackageSource, suite: string, release: Release): PackageSource {
  return { lines: lines.map((line) => line.replace(` ${suite}`, ` ${release}`)), options };
}
