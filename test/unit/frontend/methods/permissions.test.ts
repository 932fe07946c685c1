/**
 * Who may do what with an object: users of every relation to it, each permission bit alone, and each action. One without
 * the right neither sees nor changes anything.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KINDS, type Kind } from '../../../../src/frontend/objects/kinds.ts';
import type { Right } from '../../../../src/opennebula/permissions.ts';
import type { XmlRpcValue } from '../../../../src/opennebula/xmlrpc.ts';
import { type CloudInProcess, type Session, startCloudInProcess } from '../../../support/cloud-in-process.ts';

type Relation = 'owner' | 'group' | 'other';

let one: CloudInProcess;
/** The owner, one of his group, and one of another group. */
let users: Record<Relation, Session & { readonly id: number }>;
let groupId: number;

beforeAll(async () => {
  one = await startCloudInProcess();
  groupId = await one.oneadmin.call('one.group.allocate', 'team');
  const strangers = await one.oneadmin.call('one.group.allocate', 'strangers');
  users = {
    owner: await one.user('ada', [groupId]),
    group: await one.user('bea', [groupId]),
    other: await one.user('cid', [strangers]),
  };
  // Only permission bits are to count.
  for (const { id } of [...one.cloud.pools.acl.all()]) await one.oneadmin.call('one.acl.delrule', id);
  const team = users.owner.id;
  for (const { kind, allocate } of OBJECTS) {
    const id = (await one.oneadmin.call(`one.${KINDS[kind].prefix}.allocate`, ...allocate)) as number;
    await one.oneadmin.call(`one.${KINDS[kind].prefix}.chown`, id, team, groupId);
    ids.set(kind, id);
  }
});

afterAll(() => one[Symbol.asyncDispose]());

const ids = new Map<Kind, number>();

/** One object of each kind that has an owner. */
const OBJECTS: readonly { readonly kind: Kind; readonly allocate: readonly XmlRpcValue[] }[] = [
  { kind: 'vm', allocate: ['CPU=1\nMEMORY=64\n', true] },
  { kind: 'image', allocate: ['NAME=i\nTYPE=DATABLOCK\nSIZE=1\nSOURCE=/x\nFORMAT=raw\n', 1, true] },
  { kind: 'template', allocate: ['NAME=t\nCPU=1\nMEMORY=64\n'] },
  { kind: 'vnet', allocate: ['NAME=n\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=ETHER,SIZE=2]\n', -1] },
  { kind: 'secgroup', allocate: ['NAME=s\n'] },
  { kind: 'document', allocate: ['NAME=d\n', 100] },
  { kind: 'datastore', allocate: ['NAME=ds\nDS_MAD=dummy\nTM_MAD=dummy\n', -1] },
];

interface Action {
  readonly kind: Kind;
  readonly method: string;
  /** Behind the id. */
  readonly args: readonly XmlRpcValue[];
  readonly needs: Right;
  /** The id is the second argument. */
  readonly idLast?: true;
}

const KEEP = [-1, -1, -1, -1, -1, -1, -1, -1, -1];
const KIND_ACTIONS: readonly Omit<Action, 'kind'>[] = [
  { method: 'info', args: [false], needs: 'USE' },
  { method: 'update', args: ['A=1\n', 1], needs: 'MANAGE' },
  { method: 'rename', args: [], needs: 'MANAGE' },
  { method: 'chmod', args: KEEP, needs: 'MANAGE' },
];
const ACTIONS: readonly Action[] = [
  ...OBJECTS.flatMap(({ kind }) => KIND_ACTIONS.map((action) => ({ kind, ...action }))),
  { kind: 'vm', method: 'action', args: ['release'], needs: 'MANAGE', idLast: true },
  { kind: 'vm', method: 'action', args: ['poweroff'], needs: 'MANAGE', idLast: true },
  { kind: 'vm', method: 'action', args: ['resched'], needs: 'ADMIN', idLast: true },
  { kind: 'vm', method: 'recover', args: [0], needs: 'ADMIN' },
  { kind: 'vm', method: 'monitoring', args: [], needs: 'USE' },
  { kind: 'vm', method: 'resize', args: ['CPU=1\n', false], needs: 'MANAGE' },
  { kind: 'vm', method: 'updateconf', args: ['RAW=[TYPE=x]\n', 0], needs: 'MANAGE' },
  { kind: 'vm', method: 'detach', args: [0], needs: 'MANAGE' },
  { kind: 'vm', method: 'attachnic', args: ['NIC=[MODEL=x]\n'], needs: 'MANAGE' },
  { kind: 'vm', method: 'snapshotcreate', args: ['s'], needs: 'MANAGE' },
  { kind: 'vm', method: 'schedadd', args: ['SCHED_ACTION=[ACTION=hold,TIME="+99999"]'], needs: 'MANAGE' },
  { kind: 'image', method: 'enable', args: [true], needs: 'MANAGE' },
  { kind: 'image', method: 'persistent', args: [false], needs: 'MANAGE' },
  { kind: 'image', method: 'chtype', args: ['OS'], needs: 'MANAGE' },
  { kind: 'image', method: 'snapshotdelete', args: [0], needs: 'MANAGE' },
  { kind: 'vnet', method: 'add_ar', args: ['AR=[TYPE=ETHER,SIZE=1]\n'], needs: 'ADMIN' },
  { kind: 'vnet', method: 'rm_ar', args: [77, false], needs: 'ADMIN' },
  { kind: 'vnet', method: 'update_ar', args: ['AR=[AR_ID=0,X=1]\n'], needs: 'MANAGE' },
  { kind: 'vnet', method: 'hold', args: ['LEASES=[MAC="00:00:00:00:00:01"]'], needs: 'MANAGE' },
  { kind: 'vnet', method: 'release', args: ['LEASES=[MAC="00:00:00:00:00:01"]'], needs: 'MANAGE' },
  { kind: 'datastore', method: 'enable', args: [true], needs: 'MANAGE' },
];

const RELATIONS: readonly Relation[] = ['owner', 'group', 'other'];
const RIGHTS: readonly Right[] = ['USE', 'MANAGE', 'ADMIN'];

/** Bits of chmod with one of them set, or none. */
function bits(relation: Relation, right: Right | undefined): number[] {
  return RELATIONS.flatMap((each) => RIGHTS.map((one) => (each === relation && one === right ? 1 : 0)));
}

function argsOf({ method, args, idLast }: Action, id: number): XmlRpcValue[] {
  // A name that the object has already needs no right.
  if (method === 'rename') return [id, `renamed-${renames++}`];
  return idLast ? [...args, id] : [id, ...args];
}

let renames = 0;

describe.each(ACTIONS)('$method $args of kind $kind needs $needs', (action) => {
  const { kind, method, needs } = action;
  const { prefix, authType } = KINDS[kind];
  const rows = RELATIONS.flatMap((relation) => [undefined, ...RIGHTS].map((right) => [relation, right] as const));

  it.each(rows)('as %s with the right %s', async (relation, right) => {
    const id = ids.get(kind) ?? -1;
    await one.oneadmin.call(`one.${prefix}.chmod`, id, ...bits(relation, right));
    const before = one.cloud.pools[kind].get(id);
    const answer = await users[relation].try(`one.${prefix}.${method}`, ...argsOf(action, id));
    if (right === needs) {
      expect(answer.code, String(answer.payload)).not.toBe(512);
      return;
    }
    expect(answer).toMatchObject({
      code: 512,
      payload: expect.stringContaining(`Not authorized to perform ${needs} ${authType} [${id}]`),
    });
    expect(one.cloud.pools[kind].get(id)).toBe(before);
  });
});

describe.each(OBJECTS.map(({ kind }) => kind))('the pool of kind %s', (kind) => {
  const rows = RELATIONS.flatMap((relation) => [undefined, ...RIGHTS].map((right) => [relation, right] as const));
  const args: Partial<Record<Kind, readonly XmlRpcValue[]>> = {
    vm: [-2, -1, -1, -2],
    document: [-2, -1, -1, 100],
    datastore: [],
  };

  it.each(rows)(
    'shows its object to %s with the right %s, if that is USE or he is the owner',
    async (relation, right) => {
      const { prefix, element } = KINDS[kind];
      const id = ids.get(kind) ?? -1;
      await one.oneadmin.call(`one.${prefix}.chmod`, id, ...bits(relation, right));
      const pool = await users[relation].call<string>(`one.${prefix}pool.info`, ...(args[kind] ?? [-2, -1, -1]));
      const isShown = pool.includes(`<${element}><ID>${id}</ID>`);
      // Lists of objects with owners show their own to everybody, as OpenNebula's do; datastores are the cloud's.
      expect(isShown).toBe(right === 'USE' || (relation === 'owner' && kind !== 'datastore'));
    },
  );
});

describe('members of the group oneadmin', () => {
  it('may do everything that no lock forbids', async () => {
    const dan = await one.user('dan', [0]);
    for (const action of ACTIONS) {
      const { prefix } = KINDS[action.kind];
      const id = ids.get(action.kind) ?? -1;
      await one.oneadmin.call(`one.${prefix}.chmod`, id, ...bits('owner', undefined));
      const { code, payload } = await dan.try(`one.${prefix}.${action.method}`, ...argsOf(action, id));
      expect(code, String(payload)).not.toBe(512);
    }
  });
});

describe.each(['vm', 'image', 'template', 'vnet', 'document'] as const)('a lock of kind %s', (kind) => {
  const { prefix, authType } = KINDS[kind];
  const levels: readonly [level: number, locked: readonly Right[]][] = [
    [1, ['USE', 'MANAGE', 'ADMIN']],
    [2, ['MANAGE', 'ADMIN']],
    [3, ['ADMIN']],
    [4, ['USE', 'MANAGE', 'ADMIN']],
  ];

  it.each(levels)('of level %i holds for oneadmin too', async (level, locked) => {
    const id = ids.get(kind) ?? -1;
    await one.oneadmin.call(`one.${prefix}.lock`, id, level, false);
    try {
      for (const action of ACTIONS.filter((each) => each.kind === kind && each.method !== 'info')) {
        // Monitoring is looked at whatever lock there is.
        if (action.method === 'monitoring') continue;
        const { code, payload } = await one.oneadmin.try(`one.${prefix}.${action.method}`, ...argsOf(action, id));
        if (locked.includes(action.needs)) expect(payload).toContain(`User [0] : ${authType} is locked. [${id}].`);
        else expect(code, String(payload)).not.toBe(512);
      }
      await one.oneadmin.call(`one.${prefix}.info`, id, false);
    } finally {
      await one.oneadmin.call(`one.${prefix}.unlock`, id);
    }
  });
});
