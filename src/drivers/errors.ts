/** What can be wrong with the settings of the drivers. */
import { catalogue } from '../errors/onedock-error.ts';

export const fail = catalogue({
  SETTINGS_UNREADABLE: {
    what: (at: { path: string }) => `The driver settings ${at.path} cannot be read.`,
    why: 'The file is missing, or this user may not read it.',
    todo: `Write the file, or name another in ONEDOCK_SETTINGS. An empty one is enough: every key has a default.`,
  },
  SETTINGS_INVALID: {
    what: (at: { path: string; problems: readonly string[] }) => `The driver settings ${at.path} are not valid.`,
    why: (at: { path: string; problems: readonly string[] }) => at.problems.join('\n'),
    todo: 'docs/reference/driver-settings.md lists every key.',
  },
});
