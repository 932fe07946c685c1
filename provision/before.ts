/**
 * What a machine was before it was made one of ours: kept there in a folder, before anything else is changed, so that it
 * can be given back as it was. `take-away.ts` goes by it.
 */
import { lineList } from '../src/opennebula/lists.ts';
import type { Transport } from '../src/transport/transport.ts';
import { ONEADMIN } from './base.ts';
import { ownPaths, SERVED_UNITS } from './own-places.ts';

export const BEFORE_FOLDER = '/etc/onedock/before';

/** Names of what it holds. A list is empty, and an archive not there, when there was nothing. */
export const KEPT = {
  /** A package each line. */
  packages: `${BEFORE_FOLDER}/packages`,
  /** A unit each line, of those that are started at boot. */
  units: `${BEFORE_FOLDER}/units`,
  /** IDs of container images. */
  images: `${BEFORE_FOLDER}/images`,
  /** The groups of oneadmin; not there when there was no such account. */
  groups: `${BEFORE_FOLDER}/groups`,
  /** What lay at places that are to be ours. */
  files: `${BEFORE_FOLDER}/files.tar`,
} as const;

const part = (path: string) => path.replace(BEFORE_FOLDER, `${BEFORE_FOLDER}.part`);

/** The shell's words for the packages that are installed, in order. */
export const LIST_PACKAGES = `{
  if command -v dpkg-query >/dev/null
  then dpkg-query --show --showformat='\${db:Status-Status} \${Package}\\n' | sed -n 's/^installed //p'
  else rpm --query --all --queryformat '%{NAME}\\n'
  fi | sort -u
}`;

const keep = (paths: readonly string[]) => `
set -eu
export LC_ALL=C
[ ! -e ${BEFORE_FOLDER} ] || exit 0
rm -rf ${BEFORE_FOLDER}.part
mkdir -p -m 700 ${BEFORE_FOLDER}.part
${LIST_PACKAGES} >${part(KEPT.packages)}
for unit in ${SERVED_UNITS.join(' ')}; do
  [ "$(systemctl is-enabled "$unit" 2>/dev/null)" != enabled ] || echo "$unit"
done >${part(KEPT.units)}
docker image ls --all --quiet --no-trunc 2>/dev/null | sort -u >${part(KEPT.images)}
groups=$(id -nG ${ONEADMIN.name} 2>/dev/null) && echo "$groups" >${part(KEPT.groups)} || :
set --
for path in ${paths.join(' ')}; do [ ! -e "$path" ] || set -- "$@" "$path"; done
[ $# = 0 ] || tar --create --absolute-names --numeric-owner --file ${part(KEPT.files)} "$@"
sync -f ${BEFORE_FOLDER}.part
mv ${BEFORE_FOLDER}.part ${BEFORE_FOLDER}
`;

/**
 * Once: what a later run finds is ours.
 * @param registry  see `ownPaths`
 */
export async function keepBefore(machine: Transport, registry?: string): Promise<void> {
  // The label and this folder itself lie in the last place.
  const places = ownPaths(registry).filter((path) => !BEFORE_FOLDER.startsWith(path));
  await machine.run(['sh', '-s'], { stdin: keep(places) });
}

/** Packages that have come since, as the machine has them. */
export async function findPackagesSince(machine: Transport): Promise<string[]> {
  const script = `export LC_ALL=C; ${LIST_PACKAGES} | comm -13 ${KEPT.packages} -`;
  const { stdout } = await machine.run(['sh', '-s'], { stdin: script, acceptExitCodes: [0, 1] });
  return lineList(stdout);
}
