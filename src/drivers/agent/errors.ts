import { catalogue } from '../../errors/onedock-error.ts';

export const fail = catalogue({
  AGENT_CALL_UNCLEAR: {
    what: (at: { words: readonly string[] }) => `The agent does not know what \`${at.words.join(' ')}\` is.`,
    why: 'OpenNebula gives driver, id and name of a host, with `stop` before them to end its agent.',
    todo: 'Set the arguments of the IM_MAD onedock in monitord.conf as `onedock install` writes them.',
  },
  AGENT_NOT_ENDING: {
    what: (at: { hostId: number; seconds: number }) => `The agent of host ${at.hostId} does not end.`,
    why: (at: { hostId: number; seconds: number }) => `It was told to, and was still there after ${at.seconds} s.`,
    todo: 'Find its process with `ps` on the front-end, and end it by hand.',
    retry: true,
  },
});
