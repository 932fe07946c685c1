/** What can go wrong between a front-end and its drivers. Where OpenNebula has words for it, they are used. */
import { catalogue } from '../../errors/onedock-error.ts';

interface Called {
  readonly family: string;
  readonly driver: string;
  readonly action: string;
}

export const fail = catalogue({
  DRIVER_UNKNOWN: {
    what: (at: { family: string; driver: string }) => `There is no ${at.family} driver '${at.driver}'.`,
    why: 'It is neither built in nor a folder below the remotes folder.',
    todo: 'Look for a spelling mistake in the datastore, host or network, or install the driver.',
  },
  ACTION_UNKNOWN: {
    what: (at: Called & { path: string }) => `Driver path '${at.path}' does not exist.`,
    why: (at: Called & { path: string }) => `The ${at.family} driver '${at.driver}' has no action '${at.action}'.`,
    todo: 'Install a driver of the same release as its front-end, or use another one for the object.',
  },
  DRIVER_SCRIPT_FAILED: {
    what: (at: Called & { exitCode: number }) =>
      `${at.family}/${at.driver}/${at.action} ended with exit code ${at.exitCode} and gave no reason.`,
    todo: 'Run it by hand as the user of the front-end, with the arguments that its log names: what it prints may say why.',
  },
  PROBES_MISSING: {
    what: (at: { driver: string }) => `Hosts cannot be monitored by the driver '${at.driver}'.`,
    why: (at: { folder: string }) => `There is no executable file in ${at.folder}/host/system.`,
    todo: 'Put a probe there that prints what the host has: TOTALCPU, TOTALMEMORY and so on.',
  },
  PROBE_FAILED: {
    what: (at: { probe: string; reason: string }) => `Error executing ${at.probe}: ${at.reason}`,
    todo: 'Run it by hand as the user of the front-end.',
    retry: true,
  },
  DRIVER_CALL_UNCLEAR: {
    what: (at: { path: string }) => `It is not clear which driver action to run as ${at.path}.`,
    why: 'Neither does the path end in <family>/<driver>/<action>, nor do the first three arguments name one.',
    todo: 'Call it as `<bundle> <family> <driver> <action> [arguments…]`, or by a link in a remotes folder.',
  },
});
