/**
 * A real registry for tests: Debian's docker-registry on a free port of the loopback, with TLS by a certificate of its
 * own and, if wanted, a password. Data and configuration are in a directory that goes with it.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { collectCommand } from '../../provision/registry-collector.ts';

const run = promisify(execFile);

export const REGISTRY_USER = 'onedock';
export const REGISTRY_PASSWORD = 'onedock';
/** bcrypt of the password, since docker-registry takes no other form. */
const PASSWORD_HASH = '$2b$05$abcdefghijklmnopqrstuubP5Lb8EAVS2Imi0o2WTZuRyaU3Q9ysi';

const PROGRAMS = ['/usr/bin/docker-registry', '/usr/bin/skopeo', '/usr/bin/openssl'];

/** Why no registry can be had on this machine; undefined when one can. */
export function registryMissing(): string | undefined {
  const missing = PROGRAMS.filter((program) => !existsSync(program));
  return missing.length === 0 ? undefined : `${missing.join(', ')} missing: apt install docker-registry skopeo openssl`;
}

export interface TestRegistry extends AsyncDisposable {
  /** `<address>:<port>` */
  readonly server: string;
  readonly caFile: string;
  /** Absent when it asks for no password. */
  readonly user?: string;
  readonly passwordFile?: string;
  readonly dataDirectory: string;
  /** Where its collector of garbage and who writes to it meet. */
  readonly collectorFolder: string;
  /** Has the collector do its work while it serves, as on a front-end. @returns the exit code */
  collectGarbage(): Promise<number>;
}

/** @param address  of this machine, where it listens; the loopback unless given */
export async function startRegistry({
  address = '127.0.0.1',
  password = true,
  deletion = true,
} = {}): Promise<TestRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'onedock-registry-'));
  const dataDirectory = join(directory, 'data');
  const collectorFolder = join(directory, 'collector');
  await Promise.all([dataDirectory, collectorFolder].map((path) => mkdir(path)));
  await makeCertificate(directory, address);
  await writeFile(join(directory, 'password'), `${REGISTRY_PASSWORD}\n`, { mode: 0o600 });
  await writeFile(join(directory, 'htpasswd'), `${REGISTRY_USER}:${PASSWORD_HASH}\n`);
  const configFile = join(directory, 'config.yml');
  const writeConfig = (port: number) =>
    writeFile(configFile, JSON.stringify(configuration(directory, `${address}:${port}`, { password, deletion })));

  await writeConfig(0);
  const registry = await serve(configFile);
  const { port } = registry;
  return {
    server: `${address === '127.0.0.1' ? 'localhost' : address}:${port}`,
    caFile: join(directory, 'ca.pem'),
    dataDirectory,
    ...(password ? { user: REGISTRY_USER, passwordFile: join(directory, 'password') } : {}),
    collectorFolder,
    async collectGarbage() {
      const [program = '', ...args] = collectCommand(collectorFolder, configFile);
      return await run(program, args).then(
        () => 0,
        (error: { code?: number }) => error.code ?? -1,
      );
    },
    async [Symbol.asyncDispose]() {
      await stop(registry.process);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Bytes of all blobs that a registry holds. */
export async function storedBytes({ dataDirectory }: TestRegistry): Promise<number> {
  const { stdout } = await run('du', ['-sb', dataDirectory]);
  return Number.parseInt(stdout, 10);
}

function configuration(
  directory: string,
  listen: string,
  { password, deletion }: { password: boolean; deletion: boolean },
) {
  return {
    version: '0.1',
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(directory, 'data') }, delete: { enabled: deletion } },
    http: {
      addr: listen,
      tls: { certificate: join(directory, 'server.pem'), key: join(directory, 'server.key') },
    },
    ...(password ? { auth: { htpasswd: { realm: 'onedock', path: join(directory, 'htpasswd') } } } : {}),
  };
}

async function serve(configFile: string): Promise<{ process: ChildProcess; port: number }> {
  // It ends with this process, however that ends.
  const command = ['--pdeathsig', 'KILL', '/usr/bin/docker-registry', 'serve', configFile];
  const process = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stderr })) {
    const [, port] = /listening on [\d.]+:(\d+)/.exec(line) ?? [];
    if (port === undefined) {
      lines.push(line);
      continue;
    }
    process.stderr.resume();
    return { process, port: Number(port) };
  }
  throw new Error(`docker-registry ended before it listened:\n${lines.join('\n')}`);
}

async function stop(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const ended = once(process, 'exit');
  process.kill('SIGKILL');
  await ended;
}

/** An authority, and a certificate by it for an address and the loopback. */
async function makeCertificate(directory: string, address: string): Promise<void> {
  const file = (name: string) => join(directory, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await run('openssl', [
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-subj',
    '/CN=test authority',
  ]);
  await run('openssl', [
    ...['req', '-x509', ...newKey, '-CA', file('ca.pem'), '-CAkey', file('ca.key')],
    ...['-keyout', file('server.key'), '-out', file('server.pem'), '-subj', '/CN=localhost'],
    ...[
      '-addext',
      `subjectAltName=DNS:localhost,IP:127.0.0.1,IP:${address}`,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    ],
  ]);
}
