import type { MachineSpec, NetworkSpec } from '../../src/sandbox/testbed.ts';

/** Specifications for a sandbox of a test. `octet` keeps tests that run at the same time apart. */
export function testbedSpecification(sandbox: string, octet: number) {
  const address = (machine: string) => `10.213.${octet}.${machine === 'frontend' ? 2 : 10 + Number(machine.slice(5))}`;
  const machines = ['frontend', 'host-1', 'host-2', 'host-3'];
  const names = new Map([
    ...machines.map((name) => [name, address(name)] as const),
    ['registry', address('frontend')] as const,
    ['hub', address('frontend')] as const,
  ]);
  const networks: NetworkSpec = {
    sandbox,
    management: `10.213.${octet}.0/24`,
    vms: `10.214.${octet}.0/24`,
  };
  const machine = (name: string, others: Partial<MachineSpec> = {}): MachineSpec => ({
    sandbox,
    name,
    role: name === 'frontend' ? 'frontend' : 'host',
    address: address(name),
    vmNetworkAddress: address(name).replace('10.213', '10.214'),
    names,
    ...(name === 'frontend' ? { standInHub: true } : {}),
    ...others,
  });
  return { networks, machine };
}
