import { describe, expect, it } from 'vitest';
import { applyOverTransport } from '../../../provision/apply-over-transport.ts';
import { isNothing, planChanges } from '../../../provision/machine-changes.ts';
import { combine } from '../../../provision/machine-description.ts';
import { findState } from '../../../provision/machine-findings.ts';
import { RecordingTransport } from '../../support/recording-transport.ts';

const WANTED = combine({
  packages: ['curl', 'docker.io'],
  accounts: [{ name: 'oneadmin', id: 9869, home: '/var/lib/one', shell: '/bin/bash', groups: ['docker'] }],
  directories: [{ path: '/etc/one', mode: 0o755 }],
  files: [{ path: '/etc/one/x', mode: 0o600, owner: 'oneadmin', content: 'text\n', restarts: ['x.service'] }],
  links: [{ path: '/etc/y', target: '/etc/one/x' }],
  units: [{ name: 'x.service', wantedBy: 'multi-user.target' }],
  maskedUnits: ['z.timer'],
});

/** What the programs print on a machine that is as described. */
const COMPLETE = {
  'dpkg-query': 'installed curl\ninstalled docker.io\n',
  'getent passwd': 'oneadmin:x:9869:9869::/var/lib/one:/bin/bash\n',
  'getent group': 'docker:x:104:admin,oneadmin\n',
  'find ': 'd\t755\troot\t\t/etc/one\nf\t600\toneadmin\t\t/etc/one/x\nl\t777\troot\t/etc/one/x\t/etc/y\n',
  sha256sum: 'b9e68e1bea3e5b19ca6b2f98b73a54b73daafaa250484902e09982e07a12e733  /etc/one/x\n',
  'systemctl show': 'Id=x.service\nUnitFileState=enabled\n\nId=z.timer\nUnitFileState=masked\n',
};

describe('planChanges', () => {
  it('finds nothing to do on a machine that is as described', async () => {
    const changes = planChanges(WANTED, await findState(new RecordingTransport(COMPLETE), WANTED));
    expect(isNothing(changes)).toBe(true);
  });

  it('finds everything to do on an empty machine', async () => {
    const changes = planChanges(WANTED, await findState(new RecordingTransport(), WANTED));
    expect(changes).toEqual({
      packages: ['curl', 'docker.io'],
      accounts: WANTED.accounts,
      memberships: [],
      directories: WANTED.directories,
      files: WANTED.files,
      links: WANTED.links,
      maskedUnits: ['z.timer'],
      enabledUnits: ['x.service'],
      restartedUnits: [],
    });
  });

  it('lets an account that is there join a group that it is not in', async () => {
    const machine = new RecordingTransport({ ...COMPLETE, 'getent group': 'docker:x:104:admin\n' });
    const changes = planChanges(WANTED, await findState(machine, WANTED));
    expect(changes).toMatchObject({ accounts: [], memberships: [{ account: 'oneadmin', group: 'docker' }] });
  });

  it('restarts a unit that runs when the content of its file differs, not when its mode does', async () => {
    const otherContent = { ...COMPLETE, sha256sum: `${'0'.repeat(64)}  /etc/one/x\n` };
    const otherMode = { ...COMPLETE, 'find ': COMPLETE['find '].replace('600', '644') };
    const plan = async (answers: Record<string, string>) =>
      planChanges(WANTED, await findState(new RecordingTransport(answers), WANTED));
    expect(await plan(otherContent)).toMatchObject({ files: WANTED.files, restartedUnits: ['x.service'] });
    expect(await plan(otherMode)).toMatchObject({ files: WANTED.files, restartedUnits: [] });
  });
});

describe('applyOverTransport', () => {
  it('only looks where nothing is to be done', async () => {
    const machine = new RecordingTransport(COMPLETE);
    await applyOverTransport(machine, WANTED);
    expect(machine.lines.map((line) => line.split(' ')[0]).toSorted()).toEqual([
      'dpkg-query',
      'find',
      'getent',
      'getent',
      'sha256sum',
      'systemctl',
    ]);
  });

  it('tells what differs still after it was made', async () => {
    const machine = new RecordingTransport({ ...COMPLETE, 'dpkg-query': 'installed curl\n' });
    await expect(applyOverTransport(machine, WANTED)).rejects.toMatchObject({
      code: 'MACHINE_DIFFERS',
      data: { differences: ['install the package docker.io'] },
    });
    expect(machine.lines).toContain('apt-get install --quiet --yes --no-install-recommends docker.io');
  });

  it('sends contents by standard input, never on a command line', async () => {
    const machine = new RecordingTransport({ ...COMPLETE, sha256sum: '' });
    await applyOverTransport(machine, WANTED).catch(() => {});
    const sent = machine.runs.find(({ argv }) => argv.includes('receive'));
    expect(sent?.stdin).toBe('text\n');
    expect(sent?.argv.slice(-3)).toEqual(['/etc/one/x', '600', 'oneadmin']);
  });

  it('brings packages by dnf, by what they provide, where they are RPMs', async () => {
    const wanted = combine({ packages: ['iproute', '/usr/bin/dockerd', 'busybox'] });
    const machine = new RecordingTransport({ 'sh -c ': 'iproute\n' });
    await expect(applyOverTransport(machine, wanted, 'rpm')).rejects.toMatchObject({ code: 'MACHINE_DIFFERS' });
    expect(machine.lines).toContain(
      'dnf install --quiet --assumeyes --setopt=install_weak_deps=False /usr/bin/dockerd busybox',
    );
  });
});
