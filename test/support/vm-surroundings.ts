/** A small cloud for template processing: image 0 `os`, image 1 `data` (persistent), network 0 `net`. */
import type { AddressRange } from '../../src/frontend/objects/address-range.ts';
import { addressesAt } from '../../src/frontend/objects/address-range.ts';
import type { Datastore } from '../../src/frontend/objects/datastore.ts';
import { type Image, NO_SNAPSHOTS } from '../../src/frontend/objects/image.ts';
import { type SecurityGroup, securityGroupRules } from '../../src/frontend/objects/security-group.ts';
import type { Vnet } from '../../src/frontend/objects/vnet.ts';
import type { NewVm, Surroundings } from '../../src/frontend/vm/create-vm.ts';
import { InvalidTemplate } from '../../src/frontend/vm/invalid-template.ts';
import { parseTemplate, Template } from '../../src/opennebula/template.ts';

const owner = { uid: 0, gid: 0, uname: 'oneadmin', gname: 'oneadmin', permissions: 0o600 };

export function imageRecord(fields: Partial<Image> = {}): Image {
  return {
    ...owner,
    id: 0,
    name: 'os',
    type: 'OS',
    diskType: 'FILE',
    persistent: false,
    registeredAt: 1,
    modifiedAt: 1,
    source: 'dummy_path',
    path: '/etc/hostname',
    format: 'dummy_format',
    fs: '',
    sizeMb: 1024,
    state: 'USED',
    cloningId: -1,
    targetSnapshot: -1,
    datastoreId: 100,
    datastore: 'imgs',
    snapshots: NO_SNAPSHOTS,
    template: parseTemplate('DEV_PREFIX="sd"'),
    ...fields,
  };
}

export function datastoreRecord(fields: Partial<Datastore> = {}): Datastore {
  return {
    ...owner,
    id: 100,
    name: 'imgs',
    dsMad: 'dummy',
    tmMad: 'dummy',
    basePath: '/var/lib/one/datastores/100',
    type: 'IMAGE_DS',
    diskType: 'FILE',
    state: 'READY',
    clusterIds: [0],
    totalMb: 20000,
    freeMb: 10000,
    usedMb: 10000,
    template: parseTemplate(
      'ALLOW_ORPHANS="NO"\nCLONE_TARGET="SYSTEM"\nDISK_TYPE="FILE"\nLN_TARGET="NONE"\nPERSISTENT_SNAPSHOTS="YES"',
    ),
    ...fields,
  };
}

export function vnetRecord(fields: Partial<Vnet> = {}): Vnet {
  return {
    ...owner,
    id: 0,
    name: 'net',
    clusterIds: [0],
    bridge: 'br0',
    bridgeType: 'linux',
    state: 'READY',
    parentId: -1,
    vnMad: 'dummy',
    phydev: '',
    vlanId: '',
    outerVlanId: '',
    vlanIdAutomatic: false,
    outerVlanIdAutomatic: false,
    ranges: [range],
    template: parseTemplate(
      'NETWORK_ADDRESS="10.1.0.0"\nNETWORK_MASK="255.255.255.0"\nGATEWAY="10.1.0.1"\nDNS="10.1.0.1"\nSECURITY_GROUPS="0"',
    ),
    ...fields,
  };
}

export const range: AddressRange = {
  id: 0,
  nextIndex: 3,
  attributes: { TYPE: 'IP4', IP: '10.1.0.10', MAC: '02:00:0a:01:00:0a', SIZE: '20', SHARED: 'NO' },
};

const defaultGroup: SecurityGroup = {
  ...owner,
  id: 0,
  name: 'default',
  template: parseTemplate('RULE=[PROTOCOL="ALL",RULE_TYPE="OUTBOUND"]\nRULE=[PROTOCOL="ALL",RULE_TYPE="INBOUND"]'),
};

/** Addresses come one after the other from 10.1.0.13 on. */
export function surroundings(changes: Partial<Surroundings> = {}): Surroundings {
  const images = [
    imageRecord(),
    imageRecord({
      id: 1,
      name: 'data',
      type: 'DATABLOCK',
      persistent: true,
      format: 'raw',
      sizeMb: 64,
      state: 'USED_PERS',
    }),
  ];
  const vnet = vnetRecord();
  let index = 3;
  return {
    takeImage(disk) {
      const image = images.find(({ id, name }) => String(id) === disk.IMAGE_ID || name === disk.IMAGE);
      if (!image) throw new InvalidTemplate(`Image with ID: ${disk.IMAGE_ID} does not exist`);
      return { image, datastore: datastoreRecord() };
    },
    takeLease: () => ({ vnet, lease: { range, addresses: addressesAt(range, index++) } }),
    findVmGroup: () => undefined,
    rulesOfGroup: (id) => (id === 0 ? securityGroupRules(defaultGroup) : []),
    findDatastore: () => datastoreRecord(),
    findFile: ({ IMAGE_ID }) => {
      throw new InvalidTemplate(`Image with ID: ${IMAGE_ID} does not exist`);
    },
    randomMac: () => '02:00:00:00:00:01',
    diskRules: {
      devicePrefix: 'sd',
      inheritImage: ['DISK_TYPE', 'SERIAL'],
      inheritDatastore: ['DISK_TYPE', 'ALLOW_ORPHANS', 'PERSISTENT_SNAPSHOTS'],
    },
    inheritVnet: ['GATEWAY', 'DNS', 'MTU', 'METHOD'],
    variables: {
      documents: { vm: () => 'vm64', user: () => 'user64', image: () => 'image64', network: () => 'network64' },
      user: (name) => ({ SSH_PUBLIC_KEY: 'ssh-ed25519 AAAA' })[name],
      image: (_, name) => images[0]?.template.get(name),
      network: (_, __, name) => vnet.template.get(name),
    },
    ...changes,
  };
}

export function newVm(fields: Partial<NewVm> = {}): NewVm {
  return {
    ...owner,
    id: 0,
    vmId: 0,
    createdAt: 1000,
    uuid: () => 'uuid',
    randomPassword: () => 'random',
    onHold: false,
    isHypervisor: (name) => name === 'kvm',
    passthroughBus: '',
    defaultMachine: 'q35',
    ...fields,
  };
}

export const NOTHING = new Template();
