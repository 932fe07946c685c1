/**
 * Which machines and networks a sandbox has, and where each has its address: pure arithmetic on the configuration and
 * the two networks of the sandbox.
 */
import { printIp4 } from '../opennebula/addresses.ts';
import { addressAt, getCidr, netmaskOf } from './cidr.ts';
import type { Configuration, NetworkDeclaration } from './configuration.ts';
import { STAND_IN_HUB } from './configuration.ts';
import { fail } from './errors.ts';
import type { Subnets } from './free-subnets.ts';
import { type MachineSpec, USUAL_READY_SECONDS } from './testbed.ts';

export const FRONT_END = 'frontend';

/** In each host machine a device of the testbed's is a port of this bridge, into which VMs are plugged. */
export const BRIDGE = 'vmbr0';

/** Host parts of addresses, the same in both networks. The user's machine has 1. */
export const FRONT_END_OFFSET = 2;
const FIRST_HOST_OFFSET = 11;
/** VMs' addresses begin here; machines' lie below. */
const FIRST_VM_OFFSET = 64;

export const hostName = (number: number) => `host-${number}`;

/** Number of a host machine, undefined for other machines. */
export function hostNumber(machine: string): number | undefined {
  const [, number] = /^host-(\d+)$/.exec(machine) ?? [];
  return number === undefined ? undefined : Number(number);
}

export function machineSpec(
  configuration: Pick<Configuration, 'name' | 'hub'> & Partial<Pick<Configuration, 'frontEnd' | 'readyTimeoutSeconds'>>,
  subnets: Subnets,
  machine: string,
): MachineSpec {
  const { name, hub, frontEnd, readyTimeoutSeconds = USUAL_READY_SECONDS } = configuration;
  const number = hostNumber(machine);
  const offset = number === undefined ? FRONT_END_OFFSET : FIRST_HOST_OFFSET + number - 1;
  const address = addressAt(subnets.management, offset);
  return {
    sandbox: name,
    name: machine,
    role: number === undefined ? 'frontend' : 'host',
    address,
    vmNetworkAddress: addressAt(subnets.vms, offset),
    names: machineNames(subnets),
    ...(number === undefined
      ? {
          standInHub: hub === STAND_IN_HUB,
          ...(frontEnd === 'opennebula' ? { packaged: true } : {}),
          ...(readyTimeoutSeconds > USUAL_READY_SECONDS ? { patience: readyTimeoutSeconds / USUAL_READY_SECONDS } : {}),
        }
      : {}),
  };
}

/** Every machine knows all hosts that there can be, so that adding one changes no other. */
function machineNames(subnets: Subnets): Map<string, string> {
  const frontEnd = addressAt(subnets.management, FRONT_END_OFFSET);
  const services = [FRONT_END, 'registry', 'hub'].map((name) => [name, frontEnd] as const);
  const hosts = Array.from({ length: MOST_HOSTS }, (_, i) => {
    return [hostName(i + 1), addressAt(subnets.management, FIRST_HOST_OFFSET + i)] as const;
  });
  return new Map([...services, ...hosts]);
}

/** As many as the configuration allows. */
export const MOST_HOSTS = 32;

/** Address range of a virtual network, and what its VMs need to know. */
export interface NetworkRange {
  readonly name: string;
  readonly firstAddress: string;
  readonly size: number;
  readonly networkAddress: string;
  readonly netmask: string;
  /** The user's machine, which leads out where it forwards. */
  readonly gateway: string;
}

/** @throws NETWORK_TOO_SMALL */
export function networkRanges(networks: readonly NetworkDeclaration[], subnets: Subnets): NetworkRange[] {
  const cidr = getCidr(subnets.vms);
  let offset = FIRST_VM_OFFSET;
  return networks.map(({ name, size }) => {
    const missing = offset + size + 1 - cidr.size;
    if (missing > 0) throw fail('NETWORK_TOO_SMALL', { network: name, cidr: subnets.vms, missing });
    const range = {
      name,
      firstAddress: addressAt(subnets.vms, offset),
      size,
      networkAddress: printIp4(cidr.first),
      netmask: netmaskOf(cidr),
      gateway: addressAt(subnets.vms, 1),
    };
    offset += size;
    return range;
  });
}
