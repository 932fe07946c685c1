/** What a Docker Engine may answer. `place` is the host, `request` the API call. */
import { catalogue, OnedockError } from '../../errors/onedock-error.ts';
import { messageOf } from '../../errors/thrown.ts';

interface Refused {
  readonly place: string;
  readonly request: string;
  readonly message: string;
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

export const fail = catalogue({
  DOCKER_UNREACHABLE: {
    what: (at: { place: string; reason: string }) => `The Docker Engine of ${at.place} does not answer.`,
    why: (at: { place: string; reason: string }) => sentence(at.reason),
    todo: 'Look at `systemctl status docker` there, and whether the SSH user belongs to the group docker.',
    retry: true,
  },
  DOCKER_NOT_FOUND: {
    what: (at: Refused) => `The Docker Engine of ${at.place} does not know what ${at.request} names.`,
    why: (at: Refused) => sentence(at.message),
  },
  DOCKER_CONFLICT: {
    what: (at: Refused) => `The Docker Engine of ${at.place} refused ${at.request} in the present state.`,
    why: (at: Refused) => sentence(at.message),
  },
  DOCKER_REFUSED: {
    what: (at: Refused & { status: number }) => `The Docker Engine of ${at.place} refused ${at.request}.`,
    why: (at: Refused & { status: number }) => sentence(at.message),
    todo: 'Its own log may say more: `journalctl -u docker`.',
  },
  DOCKER_TIMED_OUT: {
    what: (at: { place: string; request: string; timeoutSeconds: number }) =>
      `The Docker Engine of ${at.place} did not finish ${at.request} within ${at.timeoutSeconds} s.`,
    why: 'The host is overloaded, or the engine hangs.',
    todo: 'Try again; if it stays so, look at `systemctl status docker` there.',
    retry: true,
  },
  DOCKER_TOO_OLD: {
    what: (at: { place: string; apiVersion: string }) =>
      `The Docker Engine of ${at.place} speaks API ${at.apiVersion}, which is too old.`,
    why: 'ONEDock needs API 1.41, that is Docker 20.10, or later.',
    todo: 'Install a current Docker Engine on that host.',
  },
  ENGINE_OF_OTHER_ROOT: {
    what: (at: { place: string }) => `The Docker Engine of ${at.place} runs without root, and so runs no VMs.`,
    why: 'It does not say which users of the host stand for those of its containers, so that disks could not be theirs.',
    todo: 'Let an engine of root’s run there, or Podman without root (docs/how-to/use-podman.md), and name its socket by host.dockerSocket of the settings.',
  },
  ENGINE_WITHOUT_CONTROL_GROUPS: {
    what: (at: { place: string; reason: string }) =>
      `The engine of ${at.place} runs without root and cannot hold VMs to their memory and processors.`,
    why: (at: { place: string; reason: string }) => at.reason,
    todo: 'Start the host with cgroup v2 and have systemd delegate cpu, memory and pids (docs/how-to/use-podman.md), or accept VMs without limits by host.withoutControlGroups of the settings.',
  },
  CONTAINER_NOT_FROZEN: {
    what: (at: { place: string; container: string; message: string }) =>
      `${at.container} cannot be made to stand still on ${at.place}.`,
    why: (at: { place: string; container: string; message: string }) => sentence(at.message),
    todo: 'Power the VM off instead: what does not run can be saved. Its host would need cgroup v2 (docs/how-to/use-podman.md).',
  },
  ENGINE_KEEPS_NO_LIMITS: {
    what: (at: { place: string }) => `The limits of a VM that runs on ${at.place} cannot be changed.`,
    why: 'Its engine runs without root and without control groups, and holds VMs to no limits.',
    todo: 'Power the VM off and resize it then: its capacity counts for the scheduler all the same.',
  },
  DOCKER_PULL_FAILED: {
    what: (at: { place: string; image: string; message: string }) =>
      `Image ${at.image} could not be pulled to ${at.place}.`,
    why: (at: { place: string; image: string; message: string }) => sentence(at.message),
    todo: 'Check that the registry runs, and that the host trusts its certificate.',
    retry: true,
  },
  DOCKER_BUILD_FAILED: {
    what: (at: { place: string; step: string; message: string; output: string }) =>
      `The image could not be built on ${at.place}${at.step === '' ? '' : `, at ${at.step}`}: ${sentence(at.message)}`,
    why: (at: { output: string }) => (at.output === '' ? 'The builder said no more.' : `It printed: ${at.output}`),
    todo: 'Try it by `docker build` on a machine of yours; builds have no network unless build.network of the settings names one.',
  },
  DOCKER_PUSH_FAILED: {
    what: (at: { place: string; image: string; message: string }) =>
      `Image ${at.image} could not be pushed from ${at.place}.`,
    why: (at: { place: string; image: string; message: string }) => sentence(at.message),
    todo: 'Check that the registry runs and has room, and that the host trusts its certificate.',
    retry: true,
  },
});

/** Whether an error is of that code, as in `hasCode(error, 'DOCKER_NOT_FOUND')`. */
export function hasCode(error: unknown, ...codes: (keyof typeof fail.entries)[]): error is OnedockError {
  return error instanceof OnedockError && codes.some((code) => code === error.code);
}

/** What the engine itself said, without our frame around it. */
export function wordsOfEngine(error: unknown): string {
  if (hasCode(error, 'DOCKER_NOT_FOUND', 'DOCKER_CONFLICT', 'DOCKER_REFUSED', 'DOCKER_UNREACHABLE')) return error.why;
  return messageOf(error);
}
