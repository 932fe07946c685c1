/**
 * Containers that run on a host and are no VMs, told as OpenNebula's KVM probe tells of wild VMs: with a template by which
 * each can be made one (src/im_mad/remotes/lib/kvm.rb, to_one, 7.4). Pure.
 */
import { printTemplate, Template, type Vector } from '../../../opennebula/template.ts';
import type { ContainerInspect } from '../../docker/docker-types.ts';

export type WildContainer = Pick<ContainerInspect, 'Id' | 'Name' | 'HostConfig'>;

/** An attribute VM of SYSTEM_HOST. */
export function wildVector(container: WildContainer, hypervisor: string, hostId: number): Vector {
  const template = importTemplate(container, hypervisor, hostId);
  return {
    ID: '-1',
    DEPLOY_ID: container.Id,
    VM_NAME: nameOf(container),
    IMPORT_TEMPLATE: Buffer.from(template).toString('base64'),
  };
}

/** The scheduler places the VM where its container is. */
function importTemplate(container: WildContainer, hypervisor: string, hostId: number): string {
  const { Memory = 0, NanoCpus = 0, CpuShares = 0 } = container.HostConfig;
  const cpu = NanoCpus > 0 ? NanoCpus / 1e9 : CpuShares > 0 ? CpuShares / SHARES_OF_ONE : UNLIMITED.cpu;
  return printTemplate(
    new Template([
      ['NAME', nameOf(container)],
      ['CPU', String(Number(cpu.toFixed(2)) || 0.01)],
      ['MEMORY', String(Memory > 0 ? Math.ceil(Memory / 2 ** 20) : UNLIMITED.memoryMb)],
      ['HYPERVISOR', hypervisor],
      ['DEPLOY_ID', container.Id],
      ['SCHED_REQUIREMENTS', `ID = ${hostId}`],
    ]),
  );
}

const SHARES_OF_ONE = 1024;
/** What is booked for a container that may use all there is. */
const UNLIMITED = { cpu: 1, memoryMb: 128 } as const;

function nameOf({ Name }: WildContainer): string {
  return Name.replace('/', '');
}
