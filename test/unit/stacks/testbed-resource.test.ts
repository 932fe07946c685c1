import { describe, expect, it } from 'vitest';
import { difference } from '../../../stacks/provider/difference.ts';
import type { ResourceType } from '../../../stacks/provider/resource.ts';
import { TESTBED } from '../../../stacks/provider/table.ts';
import { ofMachine } from '../../../stacks/provider/testbed/testbed-resource.ts';

const sandbox = (machines: Record<string, string>) => ({
  name: 'demo',
  provider: 'ssh',
  ssh: { user: 'root', machines },
});
const BEFORE = sandbox({ frontend: '192.0.2.1', 'host-1': '192.0.2.2' });
const AFTER = sandbox({ frontend: '192.0.2.1', 'host-1': '192.0.2.2', 'host-2': '192.0.2.3' });
const MOVED = sandbox({ frontend: '192.0.2.1', 'host-1': '192.0.2.9' });

const changes = (type: unknown, before: object, after: object, more = {}) =>
  difference(type as ResourceType, { sandbox: before, ...more }, { sandbox: after, ...more }).changes;

describe('a part of a sandbox on given machines', () => {
  it.each([
    ['Machine', TESTBED.Machine, { name: 'host-1' }],
    ['DockerHost', TESTBED.DockerHost, { machine: 'host-1' }],
    ['FrontEnd', TESTBED.FrontEnd, {}],
    ['Registry', TESTBED.Registry, {}],
  ])('%s is not changed by a machine more', (_, type, more) => {
    expect(changes(type, BEFORE, AFTER, more)).toBe(false);
  });

  it('is changed by another address of its own machine, and of no other', () => {
    expect(changes(TESTBED.Machine, BEFORE, MOVED, { name: 'host-1' })).toBe(true);
    expect(changes(TESTBED.FrontEnd, BEFORE, MOVED)).toBe(false);
  });

  it('Network hears of all machines', () => {
    expect(changes(TESTBED.Network, BEFORE, AFTER)).toBe(true);
  });
});

describe('ofMachine', () => {
  it('leaves alone what has no given machines, or is not known yet', () => {
    expect(ofMachine('host-1', { sandbox: { name: 'demo' } })).toEqual({ sandbox: { name: 'demo' } });
    expect(ofMachine('host-1', { sandbox: 'unknown' })).toEqual({ sandbox: 'unknown' });
  });
});
