/** What can go wrong between this machine and one that is reached over SSH. */
import { catalogue } from '../errors/onedock-error.ts';

interface Server {
  readonly host: string;
  readonly port: number;
}

interface FileOnItsWay {
  readonly host: string;
  readonly localPath: string;
  readonly remotePath: string;
  readonly stallSeconds: number;
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

export const fail = catalogue({
  SSH_UNREACHABLE: {
    what: (at: Server & { reason: string }) => `${at.host} cannot be reached over SSH (port ${at.port}).`,
    why: (at: Server & { reason: string }) => sentence(at.reason),
    todo: 'Check that the machine runs, that its name resolves here, and that sshd runs on it.',
    retry: true,
  },
  SSH_HOST_NOT_TRUSTED: {
    what: (at: Server & { reason: string; knownHostsFile: string }) =>
      `${at.host} may not be the machine that it claims to be; nothing was sent to it.`,
    why: (at: Server & { reason: string; knownHostsFile: string }) =>
      `${sentence(at.reason)} Trusted hosts stand in ${at.knownHostsFile}.`,
    todo: 'If the machine was made anew, replace its line in that file; `ssh-keyscan` prints the present key.',
  },
  SSH_LOGIN_REFUSED: {
    what: (at: Server & { user: string; keyFile: string }) => `${at.host} does not let the user ${at.user} in.`,
    why: (at: Server & { user: string; keyFile: string }) => `It does not accept the key ${at.keyFile}.`,
    todo: (at: Server & { user: string; keyFile: string }) =>
      `Add the public half of the key to ~${at.user}/.ssh/authorized_keys there.`,
  },
  SSH_FILE_UNREADABLE: {
    what: (at: { path: string }) => `The file ${at.path}, which SSH connections need, cannot be read.`,
    why: 'It is missing, or this user may not read it.',
    todo: 'Write the file, or name another one in the settings (ssh.keyFile, ssh.knownHostsFile).',
  },
  SSH_CONNECTION_LOST: {
    what: (at: { host: string; doing: string }) => `The SSH connection to ${at.host} was lost during: ${at.doing}`,
    why: 'The machine or the network went away, or sshd was restarted. It is not known how far the command came.',
    todo: 'Try again when the machine is back.',
    retry: true,
  },
  SSH_FILE_STALLED: {
    what: (at: FileOnItsWay) =>
      `The file ${at.localPath} stood still for ${at.stallSeconds} s on its way to ${at.host}.`,
    why: (at: FileOnItsWay) =>
      `sshd there took no more of it, or could not write ${at.remotePath}, which is as it was.`,
    todo: 'Look whether the disk there is full or hangs; try again when the machine is less busy.',
    retry: true,
  },
  SSH_CHANNEL_REFUSED: {
    what: (at: { host: string; doing: string; reason: string }) => `sshd on ${at.host} refused: ${at.doing}`,
    why: (at: { host: string; doing: string; reason: string }) => sentence(at.reason),
    todo: 'Look at MaxSessions and AllowStreamLocalForwarding in its sshd_config, and whether a socket exists there.',
    retry: true,
  },
});
