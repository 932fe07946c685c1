/** The services of a sandbox, all in memory, and configurations for it. */
import { parseConfiguration } from '../../src/sandbox/configuration-file.ts';
import type { Facts } from '../../src/sandbox/doctor/facts.ts';
import type { SandboxEvent } from '../../src/sandbox/events.ts';
import type { Run, Services } from '../../src/sandbox/services.ts';
import { MemoryCloud } from './memory-cloud.ts';
import { MemoryTestbed, recordingTransport } from './memory-testbed.ts';

/** A machine that lacks nothing. */
export const FIT: Facts = {
  isRoot: true,
  architecture: 'x64',
  kernel: '6.1',
  cgroupVersion: 2,
  features: { bridge: true, veth: true, nftables: true, overlay: true, loop: true },
  limits: {},
  freeDiskMb: 100_000,
  freeMemoryMb: 16_000,
  missingPackages: [],
  dropsBridgedTraffic: false,
  stackEngine: '/usr/local/bin/pulumi',
};

export function memorySandbox({ facts = FIT, address = '127.0.0.1' } = {}) {
  const testbed = new MemoryTestbed();
  const cloud = new MemoryCloud({ address });
  const services: Services = {
    testbed,
    local: recordingTransport('this machine', () => {}),
    facts: async () => facts,
    connect: () => cloud.client(),
  };
  const events: SandboxEvent[] = [];
  const run = (signal = new AbortController().signal): Run => ({ report: (event) => void events.push(event), signal });
  return { testbed, cloud, services, events, run };
}

/** A configuration with no VM, unless the text says otherwise. */
export function configuration(name: string, text = 'vms: []') {
  return parseConfiguration(text, 'sandbox.yaml', { name });
}
