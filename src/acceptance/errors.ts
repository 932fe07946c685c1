import { catalogue } from '../errors/onedock-error.ts';

type Named = { readonly kind: string; readonly wanted: string; readonly found: readonly string[] };

export const fail = catalogue({
  NOTHING_TO_TEST_ON: {
    what: (at: { endpoint: string }) => `The OpenNebula at ${at.endpoint} has no host on which a VM could run.`,
    why: 'No host is monitored.',
    todo: 'Add one, or look by `onehost list` why those that there are do not answer. Nothing was made.',
  },
  TEST_OBJECT_NOT_FOUND: {
    what: (at: Named) => `There is no ${at.kind} ${at.wanted}.`,
    why: (at: Named) => `There are ${at.found.join(', ') || 'none at all'}.`,
    todo: 'Name one that is there. Nothing was made.',
  },
  AUTH_FILE_UNREADABLE: {
    what: (at: { path: string }) => `${at.path} cannot be read.`,
    why: 'It holds `user:password` of the user who makes the VMs.',
    todo: 'Name the file by --auth. Nothing was made.',
  },
});
