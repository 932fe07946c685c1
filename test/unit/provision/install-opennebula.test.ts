import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installOpennebula, type OpennebulaFrontEnd } from '../../../provision/install-opennebula.ts';
import { type Answer, RecordingTransport } from '../../support/recording-transport.ts';

const WANTED: OpennebulaFrontEnd = {
  repository: { from: { address: 'http://packages/one' }, suite: 'stable', component: 'opennebula', key: 'KEY' },
  version: undefined,
  database: { kind: 'sqlite' },
  installation: { registry: { server: 'registry:5000' } },
};

const policy = (...names: string[]) =>
  ['opennebula', 'opennebula-tools', 'opennebula-fireedge', 'opennebula-gate', 'opennebula-flow']
    .map((name) => `${name}:\n  Installed: (none)\n  Candidate: ${names.includes(name) ? '7.4.0-1' : '(none)'}\n`)
    .join('');

/** What applyOverTransport finds when all is as it should be, whatever that is. */
function machine(answers: Readonly<Record<string, Answer>>) {
  const recorded = new RecordingTransport(answers);
  // Files of the repository are not the business of these tests: it finds what it has written.
  const written = new Map<string, string>();
  const run = recorded.run.bind(recorded);
  recorded.run = async (argv, options) => {
    const [program = ''] = argv;
    if (program === 'sh' && argv[2]?.includes('mkdir -p "$(dirname')) {
      written.set(argv[4] ?? '', String(options?.stdin));
      return run(argv, options);
    }
    if (program === 'find') {
      const lines = argv.flatMap((path) =>
        path.startsWith('/') ? [`${path.endsWith('keyrings') ? 'd\t755' : 'f\t644'}\troot\t\t${path}`] : [],
      );
      return { stdout: `${lines.join('\n')}\n`, stderr: '', exitCode: 0 };
    }
    if (program === 'sha256sum') {
      const { createHash } = await import('node:crypto');
      const lines = argv.slice(2).map((path) => {
        return `${createHash('sha256')
          .update(written.get(path) ?? '')
          .digest('hex')}  ${path}`;
      });
      return { stdout: `${lines.join('\n')}\n`, stderr: '', exitCode: 0 };
    }
    return run(argv, options);
  };
  return { recorded, written };
}

const install = async (wanted: Partial<OpennebulaFrontEnd>, answers: Readonly<Record<string, Answer>>) => {
  const { recorded, written } = machine(answers);
  const lines: string[] = [];
  await installOpennebula(recorded, { ...WANTED, ...wanted }, (line) => lines.push(line));
  const installed = recorded.lines.find((line) => line.includes('apt-get install'))?.split(' ');
  return { recorded, written, packages: installed?.slice(installed.lastIndexOf('-o') + 2), lines };
};

describe('installOpennebula', () => {
  it('takes Sunstone and the rest where the repository has them, and starts what it has brought', async () => {
    const has = policy('opennebula', 'opennebula-tools', 'opennebula-fireedge');
    const { recorded, written, packages } = await install({}, { 'apt-cache policy': has });
    expect(packages).toEqual(['opennebula', 'opennebula-tools', 'opennebula-fireedge']);
    expect(recorded.lines.slice(-2)).toEqual([
      'systemctl enable --quiet opennebula.service opennebula-fireedge.service',
      'systemctl restart opennebula.service opennebula-fireedge.service',
    ]);
    expect(written.get('/etc/apt/sources.list.d/opennebula.list')).toBe(
      'deb [signed-by=/etc/apt/keyrings/opennebula.asc] http://packages/one stable opennebula\n',
    );
    expect(written.get('/etc/apt/keyrings/opennebula.asc')).toBe('KEY\n');
  });

  it('brings the drivers by the program that the machine has, before OpenNebula is started', async () => {
    const has = policy('opennebula', 'opennebula-tools');
    const { recorded } = await install({}, { 'apt-cache policy': has });
    const at = recorded.lines.indexOf('/usr/lib/one/onedock/install');
    expect(JSON.parse(recorded.runs[at]?.stdin ?? '')).toEqual(WANTED.installation);
    expect(at).toBeLessThan(recorded.lines.findIndex((line) => line.startsWith('systemctl restart')));
  });

  it('asks no repository when all is there already, in the version that is wanted', async () => {
    const installed = ['opennebula', 'opennebula-tools', 'opennebula-gate'].map(
      (name) => `installed ${name} 7.4.0-1\n`,
    );
    const answers = { 'dpkg-query': installed.join(''), 'apt-get': { stderr: 'E: no', exitCode: 100 } };
    const { recorded } = await install({ version: '7.4.0-1' }, answers);
    expect(recorded.lines.filter((line) => line.startsWith('apt'))).toEqual([]);
    expect(recorded.lines.at(-1)).toBe('systemctl restart opennebula.service opennebula-gate.service');
    await expect(install({ version: '7.4.1-1' }, answers)).rejects.toMatchObject({ code: 'REPOSITORY_OUT_OF_REACH' });
  });

  it('starts OpenNebula again when a driver of its was too slow, and says what oned said when it will not', async () => {
    const has = policy('opennebula', 'opennebula-tools');
    const log = 'Mon [Z0][ONE][I]: Starting\nMon [Z0][DrM][E]: Unable to start driver: initialization time out\n';
    const { recorded } = machine({
      'apt-cache policy': has,
      'systemctl restart': { stderr: 'Job failed', exitCode: 1 },
      tail: log,
    });
    await expect(installOpennebula(recorded, WANTED, () => {})).rejects.toMatchObject({
      code: 'OPENNEBULA_NOT_STARTED',
      why: expect.stringContaining('initialization time out'),
    });
    expect(recorded.lines.filter((line) => line.startsWith('systemctl re'))).toEqual([
      'systemctl restart opennebula.service',
      'systemctl reset-failed opennebula.service',
      'systemctl restart opennebula.service',
      'systemctl reset-failed opennebula.service',
      'systemctl restart opennebula.service',
    ]);
  });

  it('pins a version', async () => {
    const has = policy('opennebula', 'opennebula-tools');
    const { packages } = await install({ version: '7.4.0-1' }, { 'apt-cache policy': has });
    expect(packages).toEqual(['opennebula=7.4.0-1', 'opennebula-tools=7.4.0-1']);
  });

  it('makes a database whose password is in no command line', async () => {
    const has = policy('opennebula', 'opennebula-tools');
    const database = { kind: 'mariadb', password: 'secret' } as const;
    const { recorded, packages } = await install({ database }, { 'apt-cache policy': has });
    expect(packages).toEqual(['mariadb-server', 'opennebula', 'opennebula-tools']);
    expect(recorded.runs.find(({ argv }) => argv[0] === 'mysql')?.stdin).toContain("IDENTIFIED BY 'secret'");
    expect(recorded.lines.join('\n')).not.toContain('secret');
  });

  it('takes a mirror of this machine there, and trusts it without a key', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'onedock-mirror-'));
    try {
      await writeFile(join(directory, 'Packages'), '');
      const repository = { ...WANTED.repository, from: { directory }, key: undefined };
      const has = policy('opennebula', 'opennebula-tools');
      const { recorded, written } = await install({ repository }, { 'apt-cache policy': has });
      expect(recorded.lines.find((line) => line.startsWith('tar --extract'))).toContain(
        '--directory /var/cache/onedock-packages',
      );
      expect(written.get('/etc/apt/sources.list.d/opennebula.list')).toBe(
        'deb [trusted=yes] file:/var/cache/onedock-packages stable opennebula\n',
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('goes on where Debian’s own repositories are not reached', async () => {
    const { lines } = await install(
      {},
      {
        'apt-cache policy': policy('opennebula', 'opennebula-tools'),
        'apt-get -o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o Acquire::https::Timeout=15 update': {
          stderr: 'E: no',
          exitCode: 100,
        },
      },
    );
    expect(lines).toContain('Debian’s own repositories are not reached');
  });

  it.each([
    ['REPOSITORY_OUT_OF_REACH', { 'apt-get': { stderr: 'E: Could not connect to packages:80', exitCode: 100 } }],
    ['REPOSITORY_OUT_OF_REACH', { 'apt-get': 'Err:1 http://packages/one stable InRelease\n' }],
    ['PACKAGES_NOT_FOUND', { 'apt-cache policy': policy('opennebula-tools') }],
    [
      'FRONT_END_NOT_INSTALLED',
      {
        'apt-cache policy': policy('opennebula', 'opennebula-tools'),
        '/usr/lib/one/onedock/install': { stderr: 'OpenNebula 6.10 is not supported.', exitCode: 1 },
      },
    ],
  ] as [string, Record<string, Answer>][])('refuses by %s', async (code, answers) => {
    await expect(install({}, answers)).rejects.toMatchObject({ code });
  });
});
