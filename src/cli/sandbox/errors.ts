import { catalogue } from '../../errors/onedock-error.ts';

export const fail = catalogue({
  USAGE: {
    what: (at: { problem: string; command: string }) => at.problem,
    todo: (at: { problem: string; command: string }) => `\`${at.command} --help\` shows what it takes.`,
  },
  CONFIRMATION_NEEDED: {
    what: 'Nothing was changed.',
    why: 'There is no terminal to ask on.',
    todo: 'Say --yes when you mean it.',
  },
  NOT_CONFIRMED: {
    what: 'Nothing was changed.',
  },
  VM_NOT_RUNNING: {
    what: (at: { vmId: number; state: string }) =>
      `VM ${at.vmId} is ${at.state}; a shell can be opened in one that runs.`,
    todo: (at: { vmId: number }) =>
      `Bring it to run by \`onedock one onevm resume ${at.vmId}\`, or take another of \`onedock one onevm list\`.`,
  },
  ROOT_NEEDED: {
    what: (at: { command: string }) => `\`${at.command}\` makes or looks into machines, which only root can.`,
    why: 'This user is not root, and there is no sudo.',
    todo: 'Run it as root.',
  },
});
