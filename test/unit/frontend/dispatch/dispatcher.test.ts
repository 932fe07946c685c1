import { describe, expect, it, vi } from 'vitest';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { Configuration } from '../../../../src/frontend/configuration/configuration.ts';
import { Dispatcher, type DispatcherOptions } from '../../../../src/frontend/dispatch/dispatcher.ts';
import { noVmLogs } from '../../../../src/frontend/dispatch/vm-logs.ts';
import { Cloud } from '../../../../src/frontend/store/cloud.ts';
import { SqliteStore } from '../../../../src/frontend/store/sqlite-store.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

describe('a request beside that of a VM', () => {
  it('whose answer cannot be kept is told in the log, and ends nothing else', async () => {
    using store = new SqliteStore(':memory:');
    const log = vi.fn<DispatcherOptions['log']>();
    const places = { frontendName: 'front', datastoreLocation: '/var/lib/one/datastores', vmsDirectory: '/vms' };
    const used = { cloud: new Cloud(store), configuration: new Configuration(), clock: new ManualClock() };
    const drivers = new InProcessDrivers(driverTable, openServices());
    await using dispatcher = new Dispatcher({ ...used, drivers, log, places, vmLogs: noVmLogs });
    dispatcher.tell(7, { family: 'vmm', request: 'UPDATESG' }, () => {
      throw new Error('database or disk is full');
    });
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith('DiM', 'error', expect.stringContaining('disk is full')));
  });
});
