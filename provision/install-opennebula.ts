/**
 * Makes a machine that has what a front-end of ours has, but for the front-end itself, one with OpenNebula from its own
 * packages, and brings the drivers to it. Every step may find nothing to do.
 */
import { OnedockError } from '../src/errors/onedock-error.ts';
import type { Transport } from '../src/transport/transport.ts';
import { applyOverTransport } from './apply-over-transport.ts';
import { fail } from './errors.ts';
import { combine } from './machine-description.ts';
import {
  MIRROR_FOLDER,
  ONLY_THIS_REPOSITORY,
  opennebulaRepository,
  type PackageRepository,
} from './opennebula-repository.ts';
import { BUNDLE_FOLDER } from './program-places.ts';
import { deliverPrograms } from './programs.ts';

export interface OpennebulaFrontEnd {
  readonly repository: Omit<PackageRepository, 'address'> & {
    /** Address of the repository, or a directory of the user's machine that mirrors it. */
    readonly from: { readonly address: string } | { readonly directory: string };
  };
  /** As apt knows it, `7.4.0-1`; the newest unless given. */
  readonly version: string | undefined;
  readonly database: { readonly kind: 'sqlite' } | { readonly kind: 'mariadb'; readonly password: string };
  /** For the program `install`; see `src/install/main.ts`. */
  readonly installation: object;
}

/** Without which there is no front-end. */
const NEEDED = ['opennebula', 'opennebula-tools'];
/** Each comes, with its unit, where the repository has it: Sunstone, OneGate, OneFlow. */
const OPTIONAL = ['opennebula-fireedge', 'opennebula-gate', 'opennebula-flow'];
/** OpenNebula's own packages bring SQLite's library. */
const DATABASES = { sqlite: [], mariadb: ['mariadb-server'] } as const;

/** A repository that is not reached is told soon. */
const IN_TIME = [
  '-o',
  'Acquire::Retries=1',
  '-o',
  'Acquire::http::Timeout=15',
  '-o',
  'Acquire::https::Timeout=15',
] as const;

const UPDATE_TIMEOUT_SECONDS = 300;
const INSTALL_TIMEOUT_SECONDS = 1800;
const RESTART_TIMEOUT_SECONDS = 300;

/**
 * @param output  takes a line of progress
 * @throws REPOSITORY_OUT_OF_REACH, PACKAGES_NOT_FOUND, COMMAND_FAILED, FRONT_END_NOT_INSTALLED, OPENNEBULA_NOT_STARTED
 */
export async function installOpennebula(
  machine: Transport,
  wanted: OpennebulaFrontEnd,
  output: (line: string) => void,
): Promise<void> {
  const optional = (await findInstalled(machine, wanted)) ?? (await bringPackages(machine, wanted, output));
  if (wanted.database.kind === 'mariadb') await makeDatabase(machine, wanted.database.password);
  output('drivers');
  await bringDrivers(machine, wanted);
  output('starting');
  // The last one needs the first.
  const units = ['opennebula', ...optional].map((name) => `${name}.service`);
  await machine.run(['systemctl', 'enable', '--quiet', ...units]);
  await start(machine, units);
}

/** oned ends when a driver says nothing for 30 s (7.4), as on a machine that is busy with what has just been installed. */
const START_ATTEMPTS = 3;

/** @throws OPENNEBULA_NOT_STARTED */
async function start(machine: Transport, units: readonly string[]): Promise<void> {
  const options = { timeoutSeconds: RESTART_TIMEOUT_SECONDS, acceptExitCodes: [0, 1] };
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    // systemd counts its own attempts too, and would refuse the next.
    if (attempt > 1) await machine.run(['systemctl', 'reset-failed', ...units], { acceptExitCodes: [0, 1] });
    const { exitCode } = await machine.run(['systemctl', 'restart', ...units], options);
    if (exitCode === 0) return;
  }
  const { stdout } = await machine.run(['tail', '--lines', '200', ONED_LOG], { acceptExitCodes: [0, 1] });
  throw fail('OPENNEBULA_NOT_STARTED', { place: machine.name, said: saidLast(stdout) });
}

const ONED_LOG = '/var/log/one/oned.log';
const LINES_OF_ERRORS = 5;

/** The errors among the last lines of a log. */
function saidLast(log: string): readonly string[] {
  return log
    .split('\n')
    .filter((line) => line.includes('][E]: '))
    .slice(-LINES_OF_ERRORS);
}

/** Of the packages that may be left out those that are there; undefined when something is missing, or of another version. */
async function findInstalled(
  machine: Transport,
  { version, database }: OpennebulaFrontEnd,
): Promise<readonly string[] | undefined> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders.
  const format = '--showformat=${db:Status-Status} ${Package} ${Version}\\n';
  const names = [...NEEDED, ...OPTIONAL, ...DATABASES[database.kind]];
  const { stdout } = await machine.run(['dpkg-query', '--show', format, ...names], { acceptExitCodes: [0, 1] });
  const found = new Map(
    Array.from(stdout.matchAll(/^installed (\S+) (\S+)$/gm), ([, name = '', its = '']) => [name, its]),
  );
  const isThere = (name: string) => found.has(name) && (version === undefined || found.get(name) === version);
  const needed = [...NEEDED.map(isThere), ...DATABASES[database.kind].map((name) => found.has(name))];
  return needed.every(Boolean) ? OPTIONAL.filter(isThere) : undefined;
}

/** @returns those of the packages that may be left out that have come */
async function bringPackages(
  machine: Transport,
  wanted: OpennebulaFrontEnd,
  output: (line: string) => void,
): Promise<readonly string[]> {
  const { from, ...signing } = wanted.repository;
  if ('directory' in from) await deliverPrograms(machine, [from.directory], MIRROR_FOLDER);
  const address = 'directory' in from ? `file:${MIRROR_FOLDER}` : from.address;
  await applyOverTransport(machine, combine(opennebulaRepository({ ...signing, address })));
  output(`packages of ${address}`);
  const optional = await findPackages(machine, address);
  await installPackages(machine, wanted, optional, output);
  return optional;
}

const QUIETLY = { DEBIAN_FRONTEND: 'noninteractive' };

/** @returns those that the repository has of the packages that may be left out */
async function findPackages(machine: Transport, address: string): Promise<string[]> {
  // apt takes a repository that it does not reach for a warning.
  const update = [
    'apt-get',
    ...IN_TIME,
    ...ONLY_THIS_REPOSITORY,
    '-o',
    'APT::Get::List-Cleanup=false',
    '-o',
    'APT::Update::Error-Mode=any',
  ];
  const options = { timeoutSeconds: UPDATE_TIMEOUT_SECONDS, env: QUIETLY, acceptExitCodes: [0, 100] };
  const { exitCode, stdout, stderr } = await machine.run([...update, 'update', '--quiet'], options);
  const said = `${stdout}\n${stderr}`.split('\n').filter((line) => /^[EW]: |^Err:/.test(line));
  if (exitCode !== 0 || said.length > 0) throw fail('REPOSITORY_OUT_OF_REACH', { address, said });
  const { stdout: listed } = await machine.run(['apt-cache', 'policy', ...NEEDED, ...OPTIONAL]);
  const candidates = new Map(
    Array.from(listed.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (.*)$/gm), ([, name = '', version = '']) => [
      name,
      version,
    ]),
  );
  const isThere = (name: string) => ![undefined, '(none)'].includes(candidates.get(name));
  const missing = NEEDED.filter((name) => !isThere(name));
  if (missing.length > 0) throw fail('PACKAGES_NOT_FOUND', { address, packages: missing });
  return OPTIONAL.filter(isThere);
}

async function installPackages(
  machine: Transport,
  { version, database }: OpennebulaFrontEnd,
  optional: readonly string[],
  output: (line: string) => void,
): Promise<void> {
  const pinned = [...NEEDED, ...optional].map((name) => (version === undefined ? name : `${name}=${version}`));
  const needed = [...DATABASES[database.kind], ...pinned];
  // What they need of Debian may be on the machine already, where its repositories are not reached.
  await machine
    .run(['apt-get', ...IN_TIME, 'update', '--quiet'], { timeoutSeconds: UPDATE_TIMEOUT_SECONDS, env: QUIETLY })
    .catch((error: unknown) => {
      if (!(error instanceof OnedockError)) throw error;
      output('Debian’s own repositories are not reached');
    });
  // Files of ours that lie at places of the packages, as oned.conf does not, stay as they are.
  const keep = ['-o', 'Dpkg::Options::=--force-confold', '-o', 'Dpkg::Options::=--force-confdef'];
  await machine.run(['apt-get', 'install', '--quiet', '--yes', '--no-install-recommends', ...keep, ...needed], {
    timeoutSeconds: INSTALL_TIMEOUT_SECONDS,
    env: QUIETLY,
  });
}

const DATABASE_SECONDS = 60;

/** The password goes by standard input. */
async function makeDatabase(machine: Transport, password: string): Promise<void> {
  await machine.run(['systemctl', 'enable', '--now', '--quiet', 'mariadb.service'], {
    timeoutSeconds: DATABASE_SECONDS,
  });
  const statements = `CREATE DATABASE IF NOT EXISTS opennebula CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE USER IF NOT EXISTS oneadmin@localhost IDENTIFIED BY '${password}';
ALTER USER oneadmin@localhost IDENTIFIED BY '${password}';
GRANT ALL PRIVILEGES ON opennebula.* TO oneadmin@localhost;
SET GLOBAL TRANSACTION ISOLATION LEVEL READ COMMITTED;
`;
  await machine.run(['mysql', '--user=root'], { stdin: statements });
}

/** The same that `onedock install` does. */
async function bringDrivers(machine: Transport, { installation }: OpennebulaFrontEnd): Promise<void> {
  const argv = [`${BUNDLE_FOLDER}/install`];
  const options = {
    stdin: JSON.stringify(installation),
    timeoutSeconds: INSTALL_TIMEOUT_SECONDS,
    acceptExitCodes: [0, 1],
  };
  const { exitCode, stderr } = await machine.run(argv, options);
  if (exitCode !== 0) throw fail('FRONT_END_NOT_INSTALLED', { place: machine.name, said: stderr.trim() });
}
