/** Why a host cannot be monitored any more. */
import { catalogue } from '../../errors/onedock-error.ts';

export const fail = catalogue({
  ENGINE_LOST: {
    what: (at: { host: string }) => `The Docker Engine of ${at.host} has stopped to report what happens there.`,
    why: 'It was stopped or restarted, or the host is not reached any more.',
    todo: 'Look whether the host runs, and at `systemctl status docker` there. It is tried again.',
    retry: true,
  },
});
