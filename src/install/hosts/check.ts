/** `onedock host check`: looks at a host as the drivers will use it, and changes nothing. */

import { HELPER } from '../../../provision/docker-host.ts';
import { describeChanges, planChanges } from '../../../provision/machine-changes.ts';
import { findState } from '../../../provision/machine-findings.ts';
import { readLabel } from '../../../provision/machine-label.ts';
import { type PackageSystemName, packageSystemOf } from '../../../provision/package-system.ts';
import { gatherMachineFacts, judgeHost, type MachineFacts } from '../../../provision/preflight.ts';
import type { EngineInfo, PodmanInfo } from '../../drivers/docker/docker-types.ts';
import { PODMAN_API } from '../../drivers/docker/engine-kinds.ts';
import { readHostPrograms } from '../../drivers/host-programs.ts';
import type { Finding } from '../../errors/finding.ts';
import { OnedockError } from '../../errors/onedock-error.ts';
import { type SshServer, SshTransport } from '../../transport/ssh.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Root } from '../root.ts';
import type { Cloud } from './cloud.ts';
import { hostContent } from './host-content.ts';
import { judgeEngine, Unfit } from './judge-engine.ts';
import { openMachine } from './login.ts';

export interface Examined {
  readonly server: SshServer;
  /** As root. */
  readonly machine: Transport;
  readonly root: Root;
  readonly cloud: Cloud;
  readonly packageSystem: PackageSystemName;
}

/** All that there is to say; a machine that is not reached has one finding. */
export async function checkHost(server: SshServer, root: Root, cloud: Cloud): Promise<Finding[]> {
  await using machine = openMachine(server);
  const reached = await find('HOST_REACHED', 'SSH', 'See that it runs and lets you in as root, or by `sudo -n`.', () =>
    machine.run(['true']).then(() => `as ${server.user}`),
  );
  if (reached.status === 'fatal') return [reached];
  const facts = await gatherMachineFacts(machine, await readLabel(machine));
  const packageSystem = packageSystemOf(facts.system) ?? 'deb';
  const examined: Examined = { server, machine, root, cloud, packageSystem };
  const rest = await Promise.all(
    HOST_CHECKS.map(({ code, title, fix, examine }) => find(code, title, fix, () => examine(examined))),
  );
  return [reached, ...fitness(facts, cloud), ...rest];
}

function fitness(facts: MachineFacts, cloud: Cloud): Finding[] {
  return judgeHost(facts, cloud.frontEnd).map(({ code, title, reason }) =>
    reason === undefined
      ? { code, title, status: 'ok', cause: 'fit', fix: '' }
      : { code, title, status: 'fatal', cause: reason, fix: UNFIT_FIX },
  );
}

/** The reason itself says what is to be mended. */
const UNFIT_FIX = 'Mend that there, or take another machine.';

/** @param examine  what was found when all is well; throws when not */
async function find(code: string, title: string, fix: string, examine: () => Promise<string>): Promise<Finding> {
  try {
    return { code, title, status: 'ok', cause: await examine(), fix: '' };
  } catch (error) {
    if (!(error instanceof OnedockError) && !(error instanceof Unfit)) throw error;
    const cause = error instanceof OnedockError ? [error.message, error.why].filter(Boolean).join(' ') : error.message;
    return { code, title, status: 'fatal', cause, fix };
  }
}

export interface Check {
  readonly code: string;
  readonly title: string;
  readonly fix: string;
  readonly examine: (examined: Examined) => Promise<string>;
}

const PREPARE = '`onedock host prepare` puts it right.';
const DOCKER_SOCKET = '/var/run/docker.sock';
const NOT_HERE = 'only the front-end can tell';

/** Beside what `judgeHost` looks at. */
export const HOST_CHECKS: readonly Check[] = [
  {
    code: 'HOST_PREPARED',
    title: 'What was prepared',
    fix: PREPARE,
    async examine({ machine, cloud, packageSystem }) {
      const content = hostContent(cloud, await readHostPrograms(), packageSystem);
      const changes = describeChanges(planChanges(content, await findState(machine, content, packageSystem)));
      if (changes.length > 0) throw new Unfit(`It is not as it should be; missing: ${changes.join(', ')}.`);
      return 'as it should be';
    },
  },
  {
    code: 'HOST_ENGINE',
    title: 'Docker Engine',
    fix: 'See why with `journalctl -u docker` there. `onedock host prepare` installs one where it is missing.',
    async examine({ machine, cloud: { settings } }) {
      const socket = settings?.host.dockerSocket ?? DOCKER_SOCKET;
      const ask = async <Answer>(path: string): Promise<Answer> => {
        const silently = ['--silent', '--fail', '--max-time', '20'];
        const argv = ['curl', ...silently, '--unix-socket', socket, `http://engine${path}`];
        const { stdout, exitCode } = await machine.run(argv, { acceptExitCodes: CURL_CODES });
        if (exitCode !== 0) throw new Unfit('It does not answer.');
        return JSON.parse(stdout);
      };
      const info = await ask<EngineInfo>('/info');
      const rootless = info.Rootless ? await ask<PodmanInfo>(`${PODMAN_API}/info`) : undefined;
      return judgeEngine(info, rootless, settings?.host.withoutControlGroups ?? false);
    },
  },
  {
    code: 'HOST_LOGIN',
    title: 'oneadmin of the front-end',
    fix: '`onedock host prepare` on the front-end lets oneadmin in, and makes the host known to it.',
    async examine(examined) {
      await using ssh = await asOneadmin(examined);
      if (!ssh) return NOT_HERE;
      await ssh.run(['true']);
      return 'is let in';
    },
  },
  {
    code: 'HOST_SOCKET',
    title: 'Docker’s API for oneadmin',
    fix: PREPARE,
    async examine(examined) {
      await using ssh = await asOneadmin(examined);
      if (!ssh) return NOT_HERE;
      const socket = await ssh.openSocket(examined.cloud.settings?.host.dockerSocket ?? DOCKER_SOCKET);
      socket.end('GET /_ping HTTP/1.0\r\n\r\n');
      let answer = '';
      for await (const chunk of socket) answer += `${chunk}`;
      if (!/^HTTP\/1\.\d 200 /.test(answer)) throw new Unfit(`It answers: ${answer.slice(0, 80).trim()}`);
      return 'answers';
    },
  },
  {
    code: 'HOST_HELPER',
    title: 'Helper by sudo',
    fix: PREPARE,
    async examine({ machine }) {
      await machine.run(['runuser', '-u', 'oneadmin', '--', 'sudo', '-n', HELPER, 'status']);
      return 'works';
    },
  },
  {
    code: 'HOST_REGISTRY',
    title: 'Registry',
    fix: 'Let the name resolve there (/etc/hosts), let the port through, and name the authority by --registry-ca.',
    async examine({ machine, cloud: { registry, authority } }) {
      const trust = authority === undefined ? [] : ['--cacert', `/etc/docker/certs.d/${registry}/ca.crt`];
      const answer = ['--silent', '--show-error', '--max-time', '10', '--output', '/dev/null'];
      const argv = ['curl', ...answer, '--write-out', '%{http_code}', ...trust, `https://${registry}/v2/`];
      const { stdout, stderr, exitCode } = await machine.run(argv, { acceptExitCodes: CURL_CODES });
      if (exitCode !== 0) throw new Unfit(`${registry} is not reached from there: ${stderr.trim()}.`);
      // It is for the front-end to log in; 401 is the answer of one that asks for a password.
      if (stdout !== '200' && stdout !== '401') throw new Unfit(`${registry} answers with HTTP status ${stdout}.`);
      return `${registry} answers`;
    },
  },
];

/** All of curl(1), "EXIT CODES", that a shell does not use itself. */
const CURL_CODES = Array.from({ length: 100 }, (_, i) => i);

/** As the drivers log in. Undefined where this machine has no key of oneadmin's. */
async function asOneadmin({ server, root, cloud: { settings } }: Examined): Promise<SshTransport | undefined> {
  if (settings === undefined || !(await root.has(settings.ssh.keyFile))) return undefined;
  return new SshTransport({
    ...server,
    user: settings.ssh.user,
    keyFile: root.at(settings.ssh.keyFile),
    knownHostsFile: root.at(settings.ssh.knownHostsFile),
  });
}
