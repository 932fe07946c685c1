import { ONEADMIN } from './base.ts';
import type { MachineDescription } from './machine-description.ts';

/** Key pair that sshd makes for itself when it is installed; its public half. */
export const OWN_HOST_KEY = '/etc/ssh/ssh_host_ed25519_key.pub';

const CERTIFICATE = '/etc/ssh/onedock-host-cert.pub';
const SSHD_ADDITION = '/etc/ssh/sshd_config.d/onedock.conf';

/** A connection of the drivers carries many sessions at once; see `ssh-server.ts`. */
const SSHD_CONFIG = `AllowStreamLocalForwarding yes
GatewayPorts clientspecified
MaxSessions 1000
MaxStartups 1000
`;

export interface SshTrust {
  /** Signed by the sandbox's authority for the key that the machine has already; none where that key itself is known. */
  readonly hostCertificate?: string;
  /** Public keys that may log in as oneadmin. */
  readonly oneadminKeys: readonly string[];
}

/**
 * What an SSH server that somebody else has set up needs for the drivers: proof that it belongs to the sandbox, and a way
 * in for oneadmin. Its own key, its settings and who else may log in stay as they are.
 */
export function sshTrust({ hostCertificate, oneadminKeys }: SshTrust): MachineDescription {
  const restarts = ['ssh.service'];
  return {
    directories: [{ path: `${ONEADMIN.home}/.ssh`, mode: 0o700, owner: ONEADMIN.name }],
    files: [
      ...(hostCertificate === undefined
        ? [{ path: SSHD_ADDITION, mode: 0o644, content: SSHD_CONFIG, restarts }]
        : [
            { path: CERTIFICATE, mode: 0o644, content: hostCertificate, restarts },
            { path: SSHD_ADDITION, mode: 0o644, content: `HostCertificate ${CERTIFICATE}\n${SSHD_CONFIG}`, restarts },
          ]),
      {
        path: `${ONEADMIN.home}/.ssh/authorized_keys`,
        mode: 0o600,
        owner: ONEADMIN.name,
        content: oneadminKeys.map((key) => `${key.trim()}\n`).join(''),
      },
    ],
  };
}
