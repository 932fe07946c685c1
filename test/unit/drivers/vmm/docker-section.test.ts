import { describe, expect, it } from 'vitest';
import type { ImageConfig } from '../../../../src/drivers/docker/docker-types.ts';
import { containerSpec } from '../../../../src/drivers/vmm/onedock/container-spec.ts';
import { DOCKER_ATTRIBUTES, rowOf } from '../../../../src/drivers/vmm/onedock/docker-attributes.ts';
import { readVm } from '../../../../src/drivers/vmm/onedock/vm.ts';
import { ATTRIBUTE_RULES } from '../../../../src/frontend/configuration/attribute-rules.ts';
import { ONED_ENTRIES } from '../../../../src/install/driver-entries.ts';
import { parseXml } from '../../../../src/opennebula/xml.ts';
import { vmDocument } from '../../../support/vm-documents.ts';

const EVERYTHING = {
  capabilities: ['NET_ADMIN', 'CAP_SYS_TIME'],
  devices: ['/dev/fuse'],
  volumes: ['/srv/a'],
  gpus: true,
};
const NOTHING = { capabilities: [], devices: [], volumes: [], gpus: false };

const specOf = (
  docker: Record<string, string>,
  { allowed = EVERYTHING, config = { Entrypoint: ['/entry'], Cmd: ['image'] } as ImageConfig, dockerRun = '' } = {},
) => {
  const document = vmDocument({ id: 5, docker, ...(dockerRun ? { disks: [{ DOCKERRUN: dockerRun }] } : {}) });
  const image = { reference: 'r/i@sha256:0', config };
  return containerSpec(readVm(parseXml(document), '/ds/0/5'), image, {
    ...allowed,
    pidsLimit: 100,
    processors: 2,
    hasControlGroups: true,
  });
};
const refusal = (docker: Record<string, string>, allowed = EVERYTHING): string => {
  try {
    specOf(docker, { allowed });
  } catch (error) {
    return (error as { why: string }).why;
  }
  return '';
};

describe('the command', () => {
  it.each([
    [{}, '', ['/entry', 'image']],
    [{ CMD: 'a "b c"' }, '', ['/entry', 'a', 'b c']],
    [{ CMD: '["a", "b c"]' }, '', ['/entry', 'a', 'b c']],
    [{ ENTRYPOINT: '/other -x' }, '', ['/other', '-x']],
    [{ ENTRYPOINT: '/other', CMD: 'a' }, '', ['/other', 'a']],
    [{}, 'sh -c \'sleep 5; echo "x y"\'', ['/entry', 'sh', '-c', 'sleep 5; echo "x y"']],
    [{ CMD: 'a' }, 'b', ['/entry', 'a']],
  ])('of DOCKER %j and DOCKERRUN %j', (docker, dockerRun, command) => {
    expect(specOf(docker, { dockerRun }).Cmd).toEqual(['boot', 'once', ...command]);
  });

  it('that is a bare shell keeps the VM on', () => {
    expect(specOf({ ENTRYPOINT: '/bin/bash' }).Cmd?.slice(0, 2)).toEqual(['boot', 'keep']);
  });

  it('has the user, directory and variables that are wanted', () => {
    const spec = specOf({ USER: 'app:1000', WORKDIR: '/srv', ENV: "A=1 B='2 3'" });
    expect(spec).toMatchObject({ User: 'app:1000', WorkingDir: '/srv', Env: ['A=1', 'B=2 3'] });
    expect(spec.HostConfig.SecurityOpt).toEqual(['no-new-privileges']);
  });
});

describe('the container', () => {
  it.each([
    [{ SHM_SIZE: '32' }, { ShmSize: 32 * 2 ** 20 }],
    [
      { ULIMITS: 'nofile=10:20 core=-1' },
      {
        Ulimits: [
          { Name: 'nofile', Soft: 10, Hard: 20 },
          { Name: 'core', Soft: -1, Hard: -1 },
        ],
      },
    ],
    [
      { SYSCTLS: 'net.core.somaxconn=9 kernel.shmmax=1' },
      { Sysctls: { 'net.core.somaxconn': '9', 'kernel.shmmax': '1' } },
    ],
    [
      { TMPFS: '/run /tmp:size=4m,mode=1777' },
      { Tmpfs: { '/run': 'nosuid,nodev', '/tmp': 'nosuid,nodev,size=4m,mode=1777' } },
    ],
    [
      { DEVICES: '/dev/fuse' },
      { Devices: [{ PathOnHost: '/dev/fuse', PathInContainer: '/dev/fuse', CgroupPermissions: 'rwm' }] },
    ],
    [{ GPUS: 'all' }, { DeviceRequests: [{ Driver: '', Capabilities: [['gpu']], DeviceIDs: [], Count: -1 }] }],
    [
      { GPUS: 'GPU-1,GPU-2' },
      { DeviceRequests: [{ Driver: '', Capabilities: [['gpu']], DeviceIDs: ['GPU-1', 'GPU-2'], Count: 0 }] },
    ],
  ])('of %j', (docker, host) => {
    expect(specOf(docker).HostConfig).toMatchObject(host);
  });

  it('has the directories of the host besides those of the VM', () => {
    const mounts = specOf({ VOLUMES: '/srv/a:/data:ro' }).HostConfig.Mounts ?? [];
    expect(mounts.map(({ Target }) => Target)).toEqual(['/.onedock', '/media', '/data']);
    expect(mounts.at(-1)).toEqual({ Type: 'bind', Source: '/srv/a', Target: '/data', ReadOnly: true });
  });

  it('has the usual capabilities but for those that are dropped, and those that are added', () => {
    const { CapAdd = [], CapDrop } = specOf({ CAP_ADD: 'cap_net_admin sys_time', CAP_DROP: 'NET_RAW' }).HostConfig;
    expect(CapDrop).toEqual(['ALL']);
    expect(CapAdd).not.toContain('NET_RAW');
    expect(CapAdd).toEqual(expect.arrayContaining(['CHOWN', 'NET_ADMIN', 'SYS_TIME']));
    expect(specOf({ CAP_DROP: 'ALL' }).HostConfig.CapAdd).toEqual([]);
  });

  it('keeps the labels by which it is found', () => {
    expect(specOf({ LABELS: 'team=blue a.b/c=d=e' }).Labels).toEqual({
      team: 'blue',
      'a.b/c': 'd=e',
      'org.onedock.vm': '5',
      'org.onedock.image': 'r/i@sha256:0',
    });
  });
});

describe('what is refused', () => {
  it.each([
    [{ PRIVILEGED: 'YES' }, /^DOCKER\/PRIVILEGED is none of ENTRYPOINT, CMD, /],
    [{ CMD: "it's" }, /^DOCKER\/CMD has a quote that is not closed/],
    [{ CMD: '[1]' }, /^DOCKER\/CMD has .* no list of texts\.$/],
    [{ ENV: 'A' }, /has 'A', which is not NAME=value\.$/],
    [{ WORKDIR: 'srv' }, /not an absolute path/],
    [{ WORKDIR: '/srv/../..' }, /not an absolute path/],
    [{ USER: 'a b' }, /not a user/],
    [{ LABELS: 'org.onedock.vm=6' }, /org\.onedock\.vm, which is ONEDock's own/],
    [{ ULIMITS: 'memlock=-1' }, /memlock=-1', which is no limit that can be given/],
    [{ SYSCTLS: 'kernel.core_pattern=|/x' }, /no setting of a container alone/],
    [{ SYSCTLS: 'vm.swappiness=1' }, /no setting of a container alone/],
    [{ SHM_SIZE: '0' }, /not a whole number above 0/],
    [{ SHM_SIZE: '65' }, /^DOCKER\/SHM_SIZE is more than the 64 MB of the VM\.$/],
    [{ TMPFS: '/.onedock' }, /needed for something else/],
    [{ TMPFS: '/' }, /needed for something else/],
    [{ TMPFS: '/a:exec' }, /not size=… or mode=…/],
    [{ TMPFS: '/a:size=1m,suid' }, /not size=… or mode=…/],
    [{ CAP_ADD: 'SYS_ADMIN' }, /SYS_ADMIN, which the settings of the drivers do not allow/],
    [{ CAP_ADD: 'ALL' }, /do not allow/],
    [{ CAP_ADD: 'NET_ADMIN', CAP_DROP: 'net_admin' }, /^DOCKER\/CAP_ADD and DOCKER\/CAP_DROP both have NET_ADMIN\.$/],
    [{ DEVICES: '/dev/sda' }, /\/dev\/sda, which the settings/],
    [{ DEVICES: '/dev/fuse:/.onedock/x' }, /needed for something else/],
    [{ VOLUMES: '/srv:/x' }, /\/srv, which the settings/],
    [{ VOLUMES: '/srv/a/..:/x' }, /which the settings/],
    [{ VOLUMES: '/srv/a/b:/x' }, /which the settings/],
    [{ VOLUMES: '/srv/a:/x:rw:z' }, /not from:to\[:ro\]/],
    [{ VOLUMES: '/srv/a:/x', TMPFS: '/x' }, /^DOCKER\/VOLUMES and DOCKER\/TMPFS both have \/x\.$/],
    [{ RESTART: 'always' }, /can only be `no`/],
  ])('%j', (docker, why) => {
    expect(refusal(docker)).toMatch(why);
  });

  it('is told all at once', () => {
    expect(refusal({ ENV: 'A', NETWORK: 'host' }).match(/DOCKER\/\w+/g)).toEqual(['DOCKER/ENV', 'DOCKER/NETWORK']);
  });

  it.each(
    Object.entries(DOCKER_ATTRIBUTES).flatMap(([name, row]) =>
      'restricted' in row ? [[name, row.example] as const] : [],
    ),
  )('%s, where the settings of the drivers allow nothing', (name, example) => {
    expect(refusal({ [name]: example }, NOTHING)).toMatch(/\ballow(ed)?\b/);
  });
});

describe('the table', () => {
  it.each(Object.entries(DOCKER_ATTRIBUTES))('has an example for %s that can be followed', (name, { example }) => {
    const words = example.split(/[\s:]/);
    const all = { capabilities: words, devices: words, volumes: words, gpus: true };
    expect(specOf({ [name]: example }, { allowed: all })).toMatchObject({ Image: 'r/i@sha256:0' });
  });

  it('names what front-ends restrict to administrators, ours and one that ONEDock is installed into', () => {
    const names = Object.keys(DOCKER_ATTRIBUTES).filter((name) => rowOf(name)?.restricted);
    for (const rules of [ATTRIBUTE_RULES, ONED_ENTRIES]) {
      const restricted = [...rules.matchAll(/VM_RESTRICTED_ATTR = "(DOCKER\/\w+)"/g)].map(([, name]) => name);
      expect(restricted).toEqual(names.map((name) => `DOCKER/${name}`));
    }
  });
});
