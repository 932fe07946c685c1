/**
 * Gives back the space of deleted images, while the registry serves: docker-registry's own collector deletes what no
 * image has, and would take what is just being stored for such. Drivers hold a lock while they write; the collector takes
 * it for itself, and comes back later when it does not get it at once. The registry keeps no memory of layers
 * (`cache` in its configuration), which would tell of deleted ones that they are there.
 */
import { ONEADMIN } from './base.ts';
import { unitText } from './unit-text.ts';

/** Where drivers and collector meet: `lock`, and `garbage` once something was deleted (src/drivers/registry/writers.ts). */
export const COLLECTOR_FOLDER = `${ONEADMIN.home}/registry`;
export const COLLECTOR_TIMER = 'onedock-registry-collect.timer';
export const COLLECTOR_SERVICE = 'onedock-registry-collect.service';

/** When it is looked whether there is garbage (systemd.time(7)): by the clock, since a look that finds none is no run. */
const EVERY_FIVE_MINUTES = '*:0/5';
/** Exit code when somebody writes (EX_TEMPFAIL of sysexits.h). */
const BUSY = 75;

/** The collector as a command; with nothing to collect it does nothing. @param config  of docker-registry */
export function collectCommand(folder: string, config: string): readonly string[] {
  const flock = ['/usr/bin/flock', '--exclusive', '--nonblock', '--conflict-exit-code', `${BUSY}`, `${folder}/lock`];
  return [...flock, '/bin/sh', '-c', COLLECT, 'collect', `${folder}/garbage`, config];
}

/** The note of garbage goes first, and comes back when the collector failed. */
const COLLECT =
  '[ -e "$1" ] || exit 0; rm "$1"; /usr/bin/docker-registry garbage-collect "$2" >/dev/null || { : >"$1"; exit 1; }';

export function collectorFiles(config: string) {
  const words = collectCommand(COLLECTOR_FOLDER, config).map(quote);
  const service = unitText({
    Unit: {
      Description: 'Gives back the space of images that were deleted from the registry',
      ConditionPathExists: `${COLLECTOR_FOLDER}/garbage`,
    },
    Service: { Type: 'oneshot', ExecStart: words.join(' '), SuccessExitStatus: `${BUSY}`, Nice: '10' },
  });
  const timer = unitText({
    Unit: { Description: 'Looks whether images were deleted from the registry' },
    Timer: { OnCalendar: EVERY_FIVE_MINUTES, Unit: COLLECTOR_SERVICE },
    Install: { WantedBy: 'timers.target' },
  });
  return [
    { path: `/etc/systemd/system/${COLLECTOR_SERVICE}`, mode: 0o644, content: service },
    { path: `/etc/systemd/system/${COLLECTOR_TIMER}`, mode: 0o644, content: timer },
  ];
}

/** As systemd.service(5) reads a word of a command line. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `"${word.replace(/["\\]/g, '\\$&').replaceAll('$', '$$$$').replaceAll('%', '%%')}"`;
}
