import type { MachineDescription } from './machine-description.ts';
import { PACKAGES } from './packages.ts';

/** OpenNebula's administrator; its packages use the same id on front-ends and hosts. */
export const ONEADMIN = { name: 'oneadmin', id: 9869, home: '/var/lib/one' } as const;

/** What every machine has, whatever its role: the programs that ONEDock calls, and OpenNebula's account. */
export function base(): MachineDescription {
  return {
    packages: PACKAGES.base,
    accounts: [{ ...ONEADMIN, shell: '/bin/bash', groups: [] }],
    directories: [{ path: ONEADMIN.home, mode: 0o755, owner: ONEADMIN.name }],
  };
}
