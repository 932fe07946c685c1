import { describe, expect, it } from 'vitest';
import { combine } from '../../../provision/machine-description.ts';
import { labelContent } from '../../../provision/machine-label.ts';
import { overlayNetwork } from '../../../provision/overlay-network.ts';
import { OWN_PATHS, ownPaths } from '../../../provision/own-places.ts';
import { roleContent } from '../../../provision/role-content.ts';
import { sshTrust } from '../../../provision/ssh-trust.ts';
import { findLeft, findPlacesBefore, takeAway } from '../../../provision/take-away.ts';
import { RecordingTransport } from '../../support/recording-transport.ts';

const identity = { certificate: 'PEM', key: 'KEY', folder: '/secrets' };
const key = { privateKey: 'KEY', publicKey: 'ssh-ed25519 AAAA', privateKeyPath: '/secrets/key' };
const secrets = {
  sshAuthority: key,
  oneadminKey: key,
  userKey: key,
  oneadminPassword: 'secret',
  registry: { user: 'onedock', password: 'secret', htpasswd: 'onedock:x' },
  tlsAuthority: identity,
};

describe.each(['frontend', 'host'] as const)('what a %s is made', (role) => {
  const { files, directories } = combine(
    roleContent({
      role,
      secrets,
      registryIdentity: identity,
      standInHub: true,
      hostPrograms: new Map([['onedock-host-helper', Buffer.from('')]]),
      vmNetwork: { bridge: 'vmbr0', uplink: 'onedock-vms', address: '10.1.0.11/24' },
    }),
    sshTrust({ hostCertificate: '', oneadminKeys: [] }),
    overlayNetwork({ sandbox: 'demo', ports: [{ device: 'a', network: 'vms', address: undefined }], peers: [] }),
    labelContent({ ...{ sandbox: 'demo', machine: 'm', role, address: '' }, management: '', vms: '', fingerprint: '' }),
  );

  it.each([...files, ...directories].map(({ path }) => path))('is taken away with %s', (path) => {
    const covers = (own: string) =>
      own.endsWith('*') ? path.startsWith(own.slice(0, -1)) : `${path}/`.startsWith(`${own}/`);
    expect(OWN_PATHS.some(covers)).toBe(true);
  });
});

describe('takeAway', () => {
  it('removes the label last, so that what was interrupted is found again', () => {
    expect(OWN_PATHS.at(-1)).toBe('/etc/onedock');
  });

  it('stops the consoles, which would be started again while there are files for them', async () => {
    const machine = new RecordingTransport({});
    await takeAway(machine);
    expect(machine.runs[0]?.stdin).toMatch(
      /systemctl disable --now --quiet onedock-console\.path onedock-console\.service /,
    );
  });

  it('gives /etc/hosts back as it was', async () => {
    const machine = new RecordingTransport({
      'cat /etc/hosts':
        '::1 localhost\n# Machines of the ONEDock sandbox\n10.0.0.2 frontend\n# End of the ONEDock sandbox\n',
    });
    await takeAway(machine);
    expect(machine.runs.at(-1)).toEqual({ argv: ['dd', 'status=none', 'of=/etc/hosts'], stdin: '::1 localhost\n' });
  });

  it('leaves /etc/hosts alone that has no names of a sandbox', async () => {
    const machine = new RecordingTransport({ 'cat /etc/hosts': '::1 localhost\n' });
    await takeAway(machine);
    expect(machine.lines).not.toContain('dd status=none of=/etc/hosts');
  });
});

describe('findLeft', () => {
  const said = 'directory /etc/one\nlink one-3-0\nmount /var/lib/one/x\nprocess 77\n';

  it('tells kinds and names', async () => {
    expect(await findLeft(new RecordingTransport({ 'sh -s': said }))).toEqual([
      { kind: 'directory', name: '/etc/one' },
      { kind: 'link', name: 'one-3-0' },
      { kind: 'mount', name: '/var/lib/one/x' },
      { kind: 'process', name: '77' },
    ]);
  });

  it('leaves out places at which something was before', async () => {
    const before = await findPlacesBefore(new RecordingTransport({ 'sh -s': '/etc/one/\n/etc/one/file\n' }));
    const left = await findLeft(new RecordingTransport({ 'sh -s': said }), before);
    expect(left.map(({ kind }) => kind)).toEqual(['link', 'mount', 'process']);
  });
});

it('ownPaths has the authority of another registry than a sandbox’s', () => {
  expect(ownPaths('registry.example.org:5000')).toContain('/etc/docker/certs.d/registry.example.org:5000');
  expect(ownPaths('registry.example.org:5000').at(-1)).toBe('/etc/onedock');
});
