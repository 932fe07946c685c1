/** How packages are asked for and brought: as Debian and its kin do it, and as RHEL, Fedora and theirs. */
export type PackageSystemName = 'deb' | 'rpm';

export interface PackageSystem {
  /** Asks which of the names that follow are there. */
  readonly query: readonly string[];
  /** A line of its answer that names one which is. */
  readonly installed: RegExp;
  /** Commands after which there is a package of each name. */
  readonly install: (names: readonly string[]) => readonly (readonly string[])[];
}

const EACH_PROVIDED =
  'for each do ! rpm --query --whatprovides "$each" >/dev/null 2>&1 || printf "%s\\n" "$each"; done';

export const PACKAGE_SYSTEMS: Readonly<Record<PackageSystemName, PackageSystem>> = {
  deb: {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders.
    query: ['dpkg-query', '--show', '--showformat=${db:Status-Status} ${Package}\\n'],
    installed: /^installed (.+)$/gm,
    install: (names) => [
      ['apt-get', 'update', '--quiet'],
      ['apt-get', 'install', '--quiet', '--yes', '--no-install-recommends', ...names],
    ],
  },
  rpm: {
    // One by one, since rpm answers with the packages' names and not with what they were asked for.
    query: ['sh', '-c', EACH_PROVIDED, 'query'],
    installed: /^(.+)$/gm,
    install: (names) => [['dnf', 'install', '--quiet', '--assumeyes', '--setopt=install_weak_deps=False', ...names]],
  },
};

/** Of a system whose words are those of os-release(5), ID and ID_LIKE. Undefined for one of neither family. */
export function packageSystemOf(system: readonly string[]): PackageSystemName | undefined {
  if (system.includes('debian')) return 'deb';
  return ['rhel', 'centos', 'fedora'].some((each) => system.includes(each)) ? 'rpm' : undefined;
}
