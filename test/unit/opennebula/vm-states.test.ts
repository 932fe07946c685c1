import { describe, expect, it } from 'vitest';
import {
  LCM_STATE,
  type LcmState,
  lcmStateName,
  VM_STATE,
  type VmState,
  vmShortState,
  vmStateName,
} from '../../../src/opennebula/vm-states.ts';

describe('VM states', () => {
  it('are named by number and back', () => {
    for (const [name, number] of Object.entries(VM_STATE)) expect(vmStateName(number)).toBe(name);
    for (const [name, number] of Object.entries(LCM_STATE)) expect(lcmStateName(number)).toBe(name);
    expect(() => vmStateName(7)).toThrow(RangeError);
    expect(() => lcmStateName(13)).toThrow(RangeError);
  });

  const shown: [VmState, LcmState, string][] = [
    ['PENDING', 'LCM_INIT', 'pend'],
    ['POWEROFF', 'LCM_INIT', 'poff'],
    ['ACTIVE', 'RUNNING', 'runn'],
    ['ACTIVE', 'PROLOG_MIGRATE', 'migr'],
    ['ACTIVE', 'PROLOG_MIGRATE_FAILURE', 'fail'],
    ['ACTIVE', 'HOTPLUG_SNAPSHOT', 'snap'],
    ['ACTIVE', 'HOTPLUG_SAVEAS', 'hotp'],
    ['ACTIVE', 'DISK_RESIZE', 'drsz'],
    ['CLONING_FAILURE', 'LCM_INIT', 'fail'],
  ];
  it.each(shown)('%s %s is shown as %s', (state, lcmState, short) => {
    expect(vmShortState(state, lcmState)).toBe(short);
  });
});
