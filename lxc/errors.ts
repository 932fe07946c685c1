import { catalogue } from '../src/errors/onedock-error.ts';

export const fail = catalogue({
  SANDBOX_NAME_INVALID: {
    what: (at: { sandbox: string }) => `"${at.sandbox}" cannot be the name of a sandbox.`,
    why: 'A name begins with a lower-case letter and has at most 20 lower-case letters, digits and hyphens.',
    todo: 'Choose another name.',
  },
  MACHINE_NOT_STARTED: {
    what: (at: { machine: string; reasons: readonly string[]; log: string }) => `LXC did not start ${at.machine}.`,
    why: (at: { machine: string; reasons: readonly string[]; log: string }) =>
      at.reasons.length === 0 ? 'It gave no reason.' : `It says:\n${at.reasons.join('\n')}`,
    todo: (at: { machine: string; reasons: readonly string[]; log: string }) =>
      `\`onedock doctor\` looks for what the kernel lacks. LXC's log is ${at.log}.`,
    retry: true,
  },
  MACHINE_NOT_READY: {
    what: (at: { machine: string; seconds: number; log: string }) =>
      `Machine ${at.machine} was not ready after ${at.seconds} s.`,
    why: (at: { machine: string; seconds: number; log: string }) =>
      `It was started, but did not report that its services run. The last lines of its journal:\n${at.log}`,
    todo: 'A second `onedock up` starts it anew. On a slow machine raise `readyTimeoutSeconds` in sandbox.yaml; `onedock doctor` looks for what the kernel lacks.',
    retry: true,
  },
  MACHINE_SERVICE_FAILED: {
    what: (at: { machine: string; units: string; log: string }) =>
      `Machine ${at.machine} started, but not all of its services: ${at.units}.`,
    why: (at: { machine: string; units: string; log: string }) => `The last lines of its journal:\n${at.log}`,
    todo: 'A second `onedock up` makes the machine anew. If that does not help, `onedock doctor` looks for what the kernel lacks.',
    retry: true,
  },
  NETWORK_MISSING: {
    what: (at: { sandbox: string }) => `Sandbox ${at.sandbox} has no networks, so it can have no machines.`,
    why: 'Its bridges were removed, or were never made.',
    todo: 'Run `onedock up`, which makes them.',
    retry: true,
  },
  NETWORK_TAKEN: {
    what: (at: { bridge: string; owner: string; sandbox: string }) =>
      `The bridge ${at.bridge} of sandbox ${at.sandbox} exists already and belongs to ${at.owner || 'something else'}.`,
    why: 'Names of bridges are made from a digest of the sandbox, and two names have the same.',
    todo: 'Give the sandbox another name.',
  },
});
