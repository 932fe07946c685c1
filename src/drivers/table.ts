/** The drivers that ONEDock brings. Each is loaded when it is first asked for. */
import type { Actions, DriverEntry, DriverTable, MonitorDriver } from './contract/driver-table.ts';
import type { DriverServices } from './services.ts';

export const driverTable = {
  datastore: {
    onedock: entry(async () => (await import('./datastore/onedock/index.ts')).onedock, 'hosts', 'registry', 'settings'),
    fs: entry(async () => (await import('./datastore/fs/index.ts')).fs),
    dummy: entry(async () => (await import('./datastore/dummy/index.ts')).dummy),
  },
  tm: {
    onedock: entry(async () => (await import('./tm/onedock/index.ts')).onedock, 'hosts', 'registry', 'settings'),
    local: entry(async () => (await import('./tm/local/index.ts')).local, 'hosts', 'settings'),
    dummy: entry(async () => (await import('./tm/dummy/index.ts')).dummy),
  },
  vmm: {
    onedock: entry(async () => (await import('./vmm/onedock/index.ts')).onedock, 'hosts', 'registry', 'settings'),
    dummy: entry(async () => (await import('./vmm/dummy/index.ts')).dummy),
  },
  vnm: {
    bridge: entry(async () => (await import('./vnm/bridge/index.ts')).bridge, 'hosts'),
    vxlan: entry(async () => (await import('./vnm/vxlan/index.ts')).vxlan, 'hosts'),
    '802.1Q': entry(async () => (await import('./vnm/802.1Q/index.ts')).vlan, 'hosts'),
    onedock: entry(async () => (await import('./vnm/onedock/index.ts')).onedock, 'hosts'),
    dummy: entry(async () => (await import('./vnm/dummy/index.ts')).dummy),
  },
  market: {
    http: entry(async () => (await import('./market/http/index.ts')).http),
    dummy: entry(async () => (await import('./market/dummy/index.ts')).dummy),
  },
  ipam: {
    dummy: entry(async () => (await import('./ipam/dummy/index.ts')).dummy),
  },
  im: {
    onedock: entry(async () => (await import('./im/onedock/index.ts')).onedock, 'hosts'),
    dummy: entry(async () => (await import('./im/dummy/index.ts')).dummy),
  },
} satisfies DriverTable<DriverServices>;

/** The compiler holds a driver to the services that its row names. */
function entry<
  Need extends keyof DriverServices,
  Driver extends Actions<Pick<DriverServices, Need>> | MonitorDriver<Pick<DriverServices, Need>>,
>(load: () => Promise<Driver>, ...needs: readonly Need[]): DriverEntry<DriverServices, Driver> {
  return { load, needs };
}
