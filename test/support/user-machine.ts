import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { LocalTransport } from '../../src/transport/local.ts';

/** Why LXC machines cannot be made on this machine, undefined when they can. */
export async function whyNoLxc(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'LXC machines need root.';
  const programs = ['lxc-start', 'mmdebstrap', 'nft', 'ip', 'losetup', 'ssh-keygen', 'openssl', 'unshare', 'setpriv'];
  for (const program of programs) if (!(await isInPath(program))) return `There is no ${program} in the PATH.`;
  return undefined;
}

async function isInPath(program: string): Promise<boolean> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = await Promise.allSettled(folders.map((folder) => access(join(folder, program), constants.X_OK)));
  return found.some(({ status }) => status === 'fulfilled');
}

/** What is the user's own and must be the same after a sandbox was there: rules of others, routes, name servers. */
export async function userConfiguration() {
  const local = new LocalTransport();
  const [rules, routes, resolvConf, docker] = await Promise.all([
    local.run(['nft', 'list', 'ruleset']),
    local.run(['ip', 'route', 'show', 'default']),
    readFile('/etc/resolv.conf', 'utf8'),
    local.run(['docker', 'ps', '--all', '--quiet']).catch(() => ({ stdout: 'no Docker' })),
  ]);
  return {
    rules: withoutSandboxes(rules.stdout),
    routes: routes.stdout,
    resolvConf,
    docker: docker.stdout,
  };
}

/** Other sandboxes may come and go while a test runs. */
function withoutSandboxes(ruleset: string): string {
  return ruleset.replaceAll(/^table ip onedock_\w+ \{\n(?:.*\n)*?^\}\n/gm, '');
}
