/**
 * A host for tests: sshd, a real dockerd and the helper in namespaces of their own on this machine, reached over a pair of
 * virtual cables. Nothing of it is left behind: the namespaces end with this process, however it ends.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { SshServer } from '../../src/transport/ssh.ts';

const execute = promisify(execFile);

/** `remapped` is Docker with userns-remap, `rootless` Podman as a user of the host. */
const ENGINES = ['docker', 'podman', 'remapped', 'rootless'] as const;
export type EngineName = (typeof ENGINES)[number];
/** What runs the containers of test hosts, unless a test says otherwise. */
export const ENGINE = ENGINES.find((name) => name === process.env.ONEDOCK_TEST_ENGINE) ?? 'docker';
/** With root or without. */
export const IS_PODMAN = ENGINE === 'podman' || ENGINE === 'rootless';

const HOST_FILES = join(import.meta.dirname, '../../src/drivers/host-files');
const NEEDED = [
  'dockerd',
  'sshd',
  'sudo',
  'unshare',
  'nsenter',
  'setpriv',
  'mkfs.ext4',
  'busybox',
  'docker',
  'docker-registry',
  'curl',
];
const PODMAN = ['podman', 'catatonit', 'runc'];
const NEEDED_BY: Partial<Record<EngineName, readonly string[]>> = {
  podman: PODMAN,
  rootless: [...PODMAN, 'newuidmap'],
};
/** A real file system: overlay2 does not work on an overlay, nor well on a tmpfs. */
const PLACE = '/var/tmp';

export interface HostImage {
  /** Files of the image besides a busybox with its commands, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Without busybox: only `/app`, which is a busybox that does what its name says. */
  readonly bare?: boolean;
  /** As in a Dockerfile: `CMD ["httpd"]`, `USER 1000`. */
  readonly changes?: readonly string[];
}

export interface TestDockerHost extends AsyncDisposable {
  readonly address: string;
  readonly ssh: SshServer;
  /** Where the host keeps its files, seen from this machine. */
  readonly directory: string;
  /** A script as root on the host. @returns what it printed, trimmed */
  sh(script: string): Promise<string>;
  /** Makes an image, as if it had been fetched there. @returns its name by digest, `server/repository@sha256:…` */
  addImage(name: string, image: HostImage): Promise<string>;
}

/** Why this machine cannot have a test host; nothing when it can. */
export function noDockerHost(engine = ENGINE): string | undefined {
  if (process.getuid?.() !== 0) return 'a host for tests needs root';
  const needed = [...NEEDED, ...(NEEDED_BY[engine] ?? [])];
  const missing = needed.filter((program) => !PATH.some((directory) => existsSync(join(directory, program))));
  if (missing.length > 0) return `a host for tests needs ${missing.join(', ')}`;
  return needed.includes('podman') ? podmanTooOld() : undefined;
}

/** Ubuntu 22.04 has 3.4. */
function podmanTooOld(): string | undefined {
  const [, version = '', major, minor] =
    /((\d+)\.(\d+)\S*)/.exec(execFileSync('podman', ['--version']).toString()) ?? [];
  const isOld = Number(major) < 4 || (Number(major) === 4 && Number(minor) < 3);
  return isOld ? `a host for tests needs Podman 4.3, and this one is ${version}` : undefined;
}

/** Where the programs of another release of the engine are, if they are to be found before this machine's own. */
const ENGINE_PROGRAMS = process.env.ONEDOCK_TEST_ENGINE_PROGRAMS;
const PATH = [
  ...(ENGINE_PROGRAMS ? [ENGINE_PROGRAMS] : []),
  ...['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'],
];

export async function startDockerHost(engine = ENGINE): Promise<TestDockerHost> {
  const directory = await mkdtemp(join(PLACE, 'onedock-test-'));
  const name = directory.slice(-6).toLowerCase();
  const { ours, theirs } = await cable(name);
  const ssh = await writeKeys(directory, theirs);
  const init = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['sh', join(import.meta.dirname, 'docker-host-init.sh'), directory, `${theirs}/30`, `/onedock-test-${name}`],
      HOST_FILES,
      engine,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: PATH.join(':') } },
  );
  const log: string[] = [];
  init.stderr.on('data', (chunk) => log.push(`${chunk}`));
  const pid = await childOf(init.pid as number);
  await execute('ip', ['link', 'add', `ot${name}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', `${pid}`]);
  await execute('ip', ['address', 'add', `${ours}/30`, 'dev', `ot${name}`]);
  await execute('ip', ['link', 'set', `ot${name}`, 'up']);
  const ready = await Promise.race([once(init.stdout, 'data'), once(init, 'exit').then(() => undefined)]);
  const host: TestDockerHost = {
    address: theirs,
    ssh,
    directory,
    async sh(script) {
      const { stdout } = await execute('nsenter', ['-t', `${pid}`, '-m', '-n', '-p', 'sh', '-c', script]).catch(
        (error: Error & { stderr?: string }) => {
          throw new Error(`On the test host: ${script}\n${error.stderr}`);
        },
      );
      return stdout.trim();
    },
    async addImage(name, image) {
      const repository = `localhost:5000/onedock/${name}`;
      await host.sh(imageScript(repository, image));
      return await host.sh(`docker image inspect -f '{{index .RepoDigests 0}}' ${repository}:latest`);
    },
    async [Symbol.asyncDispose]() {
      if (init.exitCode === null) {
        const ended = once(init, 'exit');
        init.kill('SIGKILL');
        await ended;
      }
      await untilGone(pid);
      await removeCgroups(`onedock-test-${name}`);
      await rm(directory, { recursive: true, force: true });
    },
  };
  if (ready) return host;
  await host[Symbol.asyncDispose]();
  throw new Error(`The test host did not start:\n${log.join('')}`);
}

function imageScript(repository: string, { files = {}, bare = false, changes = [] }: HostImage): string {
  const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  const root = bare
    ? 'cp /bin/busybox sleep'
    : `mkdir -p bin etc root tmp && chmod 1777 tmp && cp /bin/busybox bin && chroot . /bin/busybox --install /bin
       printf 'root:x:0:0:root:/root:/bin/sh\\napp:x:1000:1000::/srv:/bin/sh\\n' >etc/passwd
       printf 'root:x:0:\\napp:x:1000:\\nextra:x:2000:app\\n' >etc/group`;
  const written = Object.entries(files).map(
    ([path, content]) =>
      `mkdir -p ${quote(dirname(path))} && printf %s ${quote(content)} >${quote(path)} && chmod 755 ${quote(path)}`,
  );
  return `set -eu
    root=$(mktemp -d) && chmod 755 "$root" && cd "$root"
    ${[root, ...written].join('\n')}
    tar c . | docker import ${changes.map((change) => `-c ${quote(change)}`).join(' ')} - ${repository}:latest >/dev/null
    docker push -q ${repository}:latest >/dev/null
    rm -r "$root"`;
}

/** Addresses of a network of two that no route of this machine leads to. */
async function cable(name: string): Promise<{ ours: string; theirs: string }> {
  const used = execFileSync('ip', ['-4', 'route', 'show']).toString();
  for (let i = 0; i < 64; i++) {
    const number = (Number.parseInt(Buffer.from(name).toString('hex').slice(-4), 16) + i * 7) % (256 * 64);
    const network = `10.213.${number >> 6}`;
    const last = (number & 63) * 4;
    if (!used.includes(`${network}.${last}/`))
      return { ours: `${network}.${last + 1}`, theirs: `${network}.${last + 2}` };
  }
  throw new Error('There is no free network for the test host.');
}

/** The user's key, the host's key, and a certificate for it by an authority of its own. */
async function writeKeys(directory: string, address: string): Promise<SshServer> {
  const at = (name: string) => join(directory, name);
  const generate = (name: string) =>
    execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', at(name)]);
  await Promise.all(['user_key', 'host_key', 'authority'].map(generate));
  await execute('ssh-keygen', ['-q', '-s', at('authority'), '-I', 'host', '-h', '-n', address, at('host_key.pub')]);
  const authority = (await readFile(at('authority.pub'), 'utf8')).trim();
  await writeFile(at('known_hosts'), `@cert-authority * ${authority}\n`);
  await writeFile(
    at('sshd_config'),
    [
      `HostKey ${at('host_key')}`,
      `HostCertificate ${at('host_key-cert.pub')}`,
      `PidFile none`,
      'PasswordAuthentication no',
      'UsePAM no',
      'StrictModes no',
      'AllowStreamLocalForwarding yes',
      'GatewayPorts clientspecified',
      '',
    ].join('\n'),
  );
  await chmod(directory, 0o755);
  return {
    host: address,
    port: 22,
    user: 'oneadmin',
    keyFile: at('user_key'),
    knownHostsFile: at('known_hosts'),
    connectTimeoutSeconds: 10,
  };
}

async function childOf(pid: number): Promise<number> {
  for (;;) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const child = Number.parseInt(children, 10);
    if (child > 0) return child;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The kernel ends all processes of a PID namespace with its first; only then its mounts and devices go. */
async function untilGone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function removeCgroups(name: string): Promise<void> {
  await execute('sh', ['-c', `find /sys/fs/cgroup -depth -type d -path '*/${name}*' -exec rmdir {} + || true`]);
}
