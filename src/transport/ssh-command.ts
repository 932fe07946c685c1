import { shellLine } from './shell-line.ts';
import type { SshServer } from './ssh-connection.ts';

/** The `ssh` of OpenSSH that runs `argv` on a server on the user's terminal; it trusts whom `SshTransport` does. */
export function sshCommand(server: SshServer, argv: readonly string[]): readonly string[] {
  const command = argv.length > 0 ? ['--', shellLine(argv)] : [];
  return ['ssh', '-t', ...options(server), `${server.user}@${server.host}`, ...command];
}

function options({ port, keyFile, knownHostsFile, jump }: SshServer): string[] {
  const login = ['-p', `${port}`, '-i', keyFile, '-o', 'IdentitiesOnly=yes', '-o', 'LogLevel=ERROR'];
  const trust = ['-o', `UserKnownHostsFile=${knownHostsFile}`, '-o', 'StrictHostKeyChecking=yes'];
  if (!jump) return [...login, ...trust];
  const proxy = ['ssh', ...options(jump), '-W', '%h:%p', `${jump.user}@${jump.host}`];
  return [...login, ...trust, '-o', `ProxyCommand=${shellLine(proxy)}`];
}
