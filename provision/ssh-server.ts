import { ONEADMIN } from './base.ts';
import type { MachineDescription } from './machine-description.ts';

export interface SshServerSecrets {
  readonly hostKey: string;
  /** Signed by the sandbox's authority for the machine's names and addresses. */
  readonly hostCertificate: string;
  /** Public keys that may log in as root. */
  readonly rootKeys: readonly string[];
  /** Public keys that may log in as oneadmin. */
  readonly oneadminKeys: readonly string[];
}

const HOST_KEY = '/etc/ssh/ssh_host_ed25519_key';

/**
 * A connection of the drivers carries many sessions at once: one for each command and each request to Docker. sshd
 * allows 10 sessions and 10 unauthenticated connections unless told otherwise. Consoles of VMs are ports of the host that
 * lead back to the front-end, and are to be reached by others.
 */
const SSHD_CONFIG = `HostKey ${HOST_KEY}
HostCertificate ${HOST_KEY}-cert.pub
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AllowStreamLocalForwarding yes
GatewayPorts clientspecified
MaxSessions 1000
MaxStartups 1000
UseDNS no
`;

/** sshd with a certificate of the sandbox instead of keys that each client would have to learn; no passwords. */
export function sshServer({ hostKey, hostCertificate, rootKeys, oneadminKeys }: SshServerSecrets): MachineDescription {
  const restarts = ['ssh.service'];
  return {
    directories: [
      { path: '/root/.ssh', mode: 0o700 },
      { path: `${ONEADMIN.home}/.ssh`, mode: 0o700, owner: ONEADMIN.name },
    ],
    files: [
      { path: HOST_KEY, mode: 0o600, content: hostKey, restarts },
      { path: `${HOST_KEY}-cert.pub`, mode: 0o644, content: hostCertificate, restarts },
      { path: '/etc/ssh/sshd_config.d/onedock.conf', mode: 0o644, content: SSHD_CONFIG, restarts },
      { path: '/root/.ssh/authorized_keys', mode: 0o600, content: lines(rootKeys) },
      {
        path: `${ONEADMIN.home}/.ssh/authorized_keys`,
        mode: 0o600,
        owner: ONEADMIN.name,
        content: lines(oneadminKeys),
      },
    ],
    units: [{ name: 'ssh.service', wantedBy: 'multi-user.target' }],
  };
}

function lines(items: readonly string[]): string {
  return items.map((item) => `${item.trim()}\n`).join('');
}
