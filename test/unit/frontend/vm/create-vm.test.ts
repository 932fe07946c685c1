import { describe, expect, it } from 'vitest';
import { vmXml } from '../../../../src/frontend/objects/vm-document.ts';
import { createVm } from '../../../../src/frontend/vm/create-vm.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';
import { findText, parseXml } from '../../../../src/opennebula/xml.ts';
import { datastoreRecord, imageRecord, newVm, surroundings } from '../../../support/vm-surroundings.ts';

const make = (text: string, fields = {}, around = {}) =>
  createVm(newVm(fields), parseTemplate(text), surroundings(around));

describe('a VM made from a template', () => {
  // What OpenNebula 7.4.0 with dummy drivers answered for this template (shared parity recording, "vm held").
  const vm = make(
    `NAME="vm-a"
TEMPLATE_ID="0"
CPU="0.1"
MEMORY="64"
DISK=[IMAGE_ID="0"]
NIC=[NETWORK_ID="0"]
CONTEXT=[NETWORK="YES",SSH_PUBLIC_KEY="$USER[SSH_PUBLIC_KEY]",WHO="$NAME"]
GRAPHICS=[TYPE="VNC",LISTEN="0.0.0.0"]
LABELS="a,b"`,
    { onHold: true },
  );

  it('has its own attributes in its template and the others in the user template', () => {
    expect(vm.template.get('CPU')).toBe('0.1');
    expect(vm.template.get('MEMORY')).toBe('64');
    expect(vm.template.get('VMID')).toBe('0');
    expect(vm.template.get('SUBMIT_ON_HOLD')).toBe('YES');
    expect(vm.template.get('TEMPLATE_ID')).toBe('0');
    expect(vm.template.vector('OS')).toEqual({ MACHINE: 'q35', UUID: 'uuid' });
    expect(vm.template.vector('GRAPHICS')).toEqual({ LISTEN: '0.0.0.0', TYPE: 'VNC' });
    expect([...vm.userTemplate.names()]).toEqual(['LABELS']);
    expect(vm).toMatchObject({ name: 'vm-a', phase: 'HOLD' });
  });

  it('says all about its disk', () => {
    expect(vm.template.vectors('DISK')).toEqual([
      {
        ALLOW_ORPHANS: 'NO',
        CLONE: 'YES',
        CLONE_TARGET: 'SYSTEM',
        CLUSTER_ID: '0',
        DATASTORE: 'imgs',
        DATASTORE_ID: '100',
        DEV_PREFIX: 'sd',
        DISK_ID: '0',
        DISK_SNAPSHOT_TOTAL_SIZE: '0',
        DISK_TYPE: 'FILE',
        DRIVER: 'dummy_format',
        FORMAT: 'dummy_format',
        IMAGE: 'os',
        IMAGE_ID: '0',
        IMAGE_STATE: '2',
        LN_TARGET: 'NONE',
        ORIGINAL_SIZE: '1024',
        PERSISTENT_SNAPSHOTS: 'YES',
        READONLY: 'NO',
        SAVE: 'NO',
        SIZE: '1024',
        SOURCE: 'dummy_path',
        TARGET: 'sda',
        TM_MAD: 'dummy',
        TYPE: 'FILE',
      },
    ]);
  });

  it('says all about its NIC', () => {
    expect(vm.template.vectors('NIC')).toEqual([
      {
        AR_ID: '0',
        BRIDGE: 'br0',
        BRIDGE_TYPE: 'linux',
        CLUSTER_ID: '0',
        DNS: '10.1.0.1',
        GATEWAY: '10.1.0.1',
        IP: '10.1.0.13',
        MAC: '02:00:0a:01:00:0d',
        NAME: 'NIC0',
        NETWORK: 'net',
        NETWORK_ID: '0',
        NIC_ID: '0',
        SECURITY_GROUPS: '0',
        TARGET: 'one-0-0',
        VN_MAD: 'dummy',
      },
    ]);
    expect(vm.template.vectors('SECURITY_GROUP_RULE')).toEqual([
      { PROTOCOL: 'ALL', RULE_TYPE: 'OUTBOUND', SECURITY_GROUP_ID: '0', SECURITY_GROUP_NAME: 'default' },
      { PROTOCOL: 'ALL', RULE_TYPE: 'INBOUND', SECURITY_GROUP_ID: '0', SECURITY_GROUP_NAME: 'default' },
    ]);
  });

  it('tells its guest all about the network, empty where nothing is known', () => {
    const context = vm.template.vector('CONTEXT') ?? {};
    expect(Object.keys(context).filter((name) => name.startsWith('ETH0_'))).toHaveLength(22);
    expect(context).toMatchObject({
      DISK_ID: '1',
      TARGET: 'sdb',
      ETH0_IP: '10.1.0.13',
      ETH0_MASK: '255.255.255.0',
      ETH0_NETWORK: '10.1.0.0',
      ETH0_GATEWAY: '10.1.0.1',
      ETH0_IP6: '',
      NETWORK: 'YES',
      WHO: 'vm-a',
      SSH_PUBLIC_KEY: 'ssh-ed25519 AAAA',
    });
  });

  it('may only go where its disk and network are', () => {
    expect(vm.template.get('AUTOMATIC_REQUIREMENTS')).toBe('(CLUSTER_ID = 0) & !(PIN_POLICY = PINNED)');
    expect(vm.template.get('AUTOMATIC_DS_REQUIREMENTS')).toBe('("CLUSTERS/ID" @> 0)');
    expect(vm.template.get('AUTOMATIC_NIC_REQUIREMENTS')).toBe('("CLUSTERS/ID" @> 0)');
  });

  it('prints as a document that starts in HOLD', () => {
    const document = parseXml(vmXml(vm));
    expect(findText(document, 'STATE')).toBe('2');
    expect(findText(document, 'PREV_STATE')).toBe('2');
    expect(document.children.map(({ name }) => name)).toEqual([
      'ID',
      'UID',
      'GID',
      'UNAME',
      'GNAME',
      'NAME',
      'PERMISSIONS',
      'LAST_POLL',
      'STATE',
      'LCM_STATE',
      'PREV_STATE',
      'PREV_LCM_STATE',
      'RESCHED',
      'STIME',
      'ETIME',
      'DEPLOY_ID',
      'MONITORING',
      'SCHED_ACTIONS',
      'TEMPLATE',
      'USER_TEMPLATE',
      'HISTORY_RECORDS',
      'BACKUPS',
    ]);
  });
});

it('a token of OneGate is refused, which this front-end has not', () => {
  const message = 'TOKEN set, but onegate endpoint was not defined in oned.conf.';
  expect(() => make('CPU="1"\nMEMORY="64"\nCONTEXT=[TOKEN="YES"]')).toThrow(message);
  expect(() => make('CPU="1"\nMEMORY="64"\nCONTEXT=[TOKEN="NO"]')).not.toThrow();
});

describe('numbers', () => {
  it.each([
    ['CPU="1"', 'MEMORY attribute must be a positive integer value.'],
    ['CPU="1"\nMEMORY="1.5"', 'MEMORY attribute must be a positive integer value.'],
    ['MEMORY="64"', 'CPU attribute must be a positive float or integer value.'],
    ['MEMORY="64"\nCPU="0"', 'CPU attribute must be a positive float or integer value.'],
    ['MEMORY="64"\nCPU="1"\nVCPU="0"', 'VCPU attribute must be a positive integer value.'],
    ['MEMORY="64"\nCPU="1"\nCPU_COST="-1"', 'CPU_COST attribute must be a positive float or integer value.'],
  ])('in %o are refused', (text, message) => {
    expect(() => make(text)).toThrow(message);
  });

  it.each([
    ['0.50', '0.5'],
    ['1.0', '1'],
    ['2', '2'],
    ['0.333', '0.333'],
  ])('of CPU=%s print as %s', (given, printed) => {
    expect(make(`MEMORY="64"\nCPU="${given}"`).template.get('CPU')).toBe(printed);
  });
});

describe('disks', () => {
  const prefix = 'CPU="1"\nMEMORY="64"\n';

  it('that name no image, or an unknown one, are refused with their number', () => {
    expect(() => make(`${prefix}DISK=[IMAGE_ID="77"]`)).toThrow('DISK 0: Image with ID: 77 does not exist');
    expect(() => make(`${prefix}DISK=[TYPE="ext"]`)).toThrow('DISK 0: Unknown disk type EXT');
    expect(() => make(`${prefix}DISK=[TYPE="fs"]`)).toThrow('DISK 0: SIZE attribute must be a positive integer value.');
  });

  it('cannot be smaller than their image, nor resize a persistent one', () => {
    expect(() => make(`${prefix}DISK=[IMAGE_ID="0",SIZE="5"]`)).toThrow(
      'DISK 0: SIZE of 5MB is less than the image [0] size of 1024MB.',
    );
    expect(() => make(`${prefix}DISK=[IMAGE_ID="1",SIZE="100"]`)).toThrow(
      'DISK 0: SIZE attribute is not supported for persistent image [1].',
    );
  });

  it('that are volatile know their place only at deployment', () => {
    const { template } = make(`${prefix}DISK=[TYPE="fs",SIZE="100",FORMAT="ext3"]`);
    expect(template.vectors('DISK')).toEqual([
      { DEV_PREFIX: 'sd', DISK_ID: '0', FORMAT: 'ext3', SIZE: '100', TARGET: 'sda', TYPE: 'fs' },
    ]);
  });

  it('take targets in the order of OpenNebula: OS, CD, context, the rest', () => {
    const around = {
      takeImage: (disk: { IMAGE_ID?: string }) => ({
        image: imageRecord({
          id: Number(disk.IMAGE_ID),
          type: (['OS', 'CDROM', 'DATABLOCK', 'OS'] as const)[Number(disk.IMAGE_ID)] ?? 'OS',
        }),
        datastore: datastoreRecord(),
      }),
    };
    const disks = [2, 0, 1, 3].map((id) => `DISK=[IMAGE_ID="${id}"]`).join('\n');
    const { template } = make(`${prefix}${disks}\nCONTEXT=[A="b"]`, {}, around);
    expect(template.vectors('DISK').map(({ IMAGE_ID, TARGET }) => `${IMAGE_ID} ${TARGET}`)).toEqual([
      '2 sdd',
      '0 sda',
      '1 sdb',
      '3 sde',
    ]);
    expect(template.vector('CONTEXT')).toMatchObject({ TARGET: 'sdc', DISK_ID: '4' });
  });

  it('cannot share a target', () => {
    const disk = 'DISK=[TYPE="fs",SIZE="1",TARGET="vda"]';
    expect(() => make(`${prefix}${disk}\n${disk}`)).toThrow('Two disks have defined the same target vda');
  });

  it('in images that are still copied make the VM wait', () => {
    const around = {
      takeImage: () => ({ image: imageRecord({ state: 'LOCKED_USED' }), datastore: datastoreRecord() }),
    };
    expect(make(`${prefix}DISK=[IMAGE_ID="0"]`, {}, around)).toMatchObject({ phase: 'CLONING' });
  });

  it('in another cluster than the network are refused', () => {
    const around = { takeImage: () => ({ image: imageRecord(), datastore: datastoreRecord({ clusterIds: [100] }) }) };
    expect(() => make(`${prefix}DISK=[IMAGE_ID="0"]\nNIC=[NETWORK_ID="0"]`, {}, around)).toThrow(
      'Incompatible clusters in NIC. Network for NIC 0 is not in the same cluster as the one used by other VM elements (cluster 100)',
    );
  });
});

describe('NICs', () => {
  const prefix = 'CPU="1"\nMEMORY="64"\n';

  it('without a network are kept as they are', () => {
    expect(make(`${prefix}NIC=[MODEL="virtio"]`).template.vectors('NIC')).toEqual([
      { MODEL: 'virtio', NAME: 'NIC0', NIC_ID: '0' },
    ]);
  });

  it('that the scheduler is to connect keep what they ask for', () => {
    const { template } = make(`${prefix}NIC=[NETWORK_MODE="auto",SCHED_REQUIREMENTS="A=1"]\nCONTEXT=[NETWORK="YES"]`);
    expect(template.vectors('NIC')).toEqual([
      { NAME: 'NIC0', NETWORK_MODE: 'auto', NIC_ID: '0', SCHED_REQUIREMENTS: 'A=1' },
    ]);
    expect(template.vector('CONTEXT')).not.toHaveProperty('ETH0_IP');
  });

  it('take defaults, and have aliases', () => {
    const { template } = make(
      `${prefix}NIC_DEFAULT=[MODEL="virtio"]\nNIC=[NETWORK="net",NAME="main"]\nNIC_ALIAS=[NETWORK="net",PARENT="main"]\nCONTEXT=[NETWORK="YES"]`,
    );
    expect(template.vector('NIC')).toMatchObject({ MODEL: 'virtio', NAME: 'main', ALIAS_IDS: '1' });
    expect(template.vector('NIC_ALIAS')).toMatchObject({ NIC_ID: '1', PARENT_ID: '0', ALIAS_ID: '0', IP: '10.1.0.14' });
    expect(template.vector('CONTEXT')).toMatchObject({ ETH0_ALIAS0_IP: '10.1.0.14' });
  });

  it('have a name of their own, set apart where it looks like one that is given out', () => {
    const { template } = make(`${prefix}NIC=[NETWORK="net",NAME="NIC7"]\nNIC_ALIAS=[NETWORK="net",PARENT="_NIC7"]`);
    expect(template.vector('NIC')?.NAME).toBe('_NIC7');
    expect(template.vector('NIC_ALIAS')?.NAME).toBe('NIC0_ALIAS1');
  });

  it('without a network may have aliases without one', () => {
    const { template } = make(`${prefix}NIC=[NAME="main",IP="192.0.2.1"]\nNIC_ALIAS=[PARENT="main",IP="192.0.2.3"]`);
    expect(template.vector('NIC')).toMatchObject({ NIC_ID: '0', ALIAS_IDS: '1', IP: '192.0.2.1' });
    expect(template.vector('NIC_ALIAS')).toEqual({
      PARENT: 'main',
      IP: '192.0.2.3',
      NIC_ID: '1',
      PARENT_ID: '0',
      ALIAS_ID: '0',
      NAME: 'NIC0_ALIAS1',
    });
  });

  it.each(['', 'NIC=[NAME="main",NETWORK_MODE="auto"]', 'NIC=[NAME="main",NETWORK_MODE="dummy"]'])(
    'cannot be aliases of what has no network of its own: %j',
    (nic) => {
      expect(() => make(`${prefix}${nic}\nNIC_ALIAS=[NETWORK="net",PARENT="main"]`)).toThrow(
        'NIC named main not found for alias',
      );
    },
  );
});

describe('SCHED_REQUIREMENTS', () => {
  it('may use variables, also under its old name', () => {
    const { userTemplate } = make('CPU="1"\nMEMORY="64"\nREQUIREMENTS="OWNER = \\"$UNAME\\""');
    expect(userTemplate.get('SCHED_REQUIREMENTS')).toBe('OWNER = "oneadmin"');
    expect(userTemplate.has('REQUIREMENTS')).toBe(false);
  });
});
