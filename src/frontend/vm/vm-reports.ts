/** What a host's agent says about VMs, read from its messages (`reference`: monitoring, data formats; STATE_VM, MONITOR_VM). */
import { isOneOf } from '../../opennebula/tables.ts';
import { parseTemplate, type Template, type Vector } from '../../opennebula/template.ts';

/** What a guest does, as drivers put it. */
const GUEST_STATES = ['RUNNING', 'POWEROFF', 'SUSPENDED', 'FAILURE', 'UNKNOWN'] as const;
export type GuestState = (typeof GUEST_STATES)[number];

export interface StateReport {
  readonly guests: readonly GuestReport[];
  /** Set when the report names all guests of the host: what became of those that it does not name. */
  readonly missingAre?: 'POWEROFF' | 'UNKNOWN';
}

export interface GuestReport {
  /** -1 for a machine that is not OpenNebula's. */
  readonly vmId: number;
  readonly deployId: string;
  readonly state: GuestState;
  /** A sentence for the VM's log, from a driver that has one. */
  readonly reason?: string;
}

export function readStateReport(template: Template): StateReport {
  const guests = template.vectors('VM').flatMap((vm): GuestReport[] => {
    const state = vm.STATE?.toUpperCase() ?? '';
    if (!isOneOf(GUEST_STATES, state)) return [];
    const reason = vm.REASON ? { reason: vm.REASON } : {};
    return [{ vmId: idOf(vm), deployId: vm.DEPLOY_ID ?? '', state, ...reason }];
  });
  if (template.get('SYNC_STATE')?.toLowerCase() !== 'yes') return { guests };
  return { guests, missingAre: template.get('MISSING_STATE')?.toUpperCase() === 'UNKNOWN' ? 'UNKNOWN' : 'POWEROFF' };
}

export interface SampleReport {
  readonly vmId: number;
  readonly figures: Template;
}

/** Figures of use, one entry for each VM of OpenNebula. @throws TemplateSyntaxError */
export function readSampleReport(report: Template): SampleReport[] {
  const samples = new Map<number, Template>();
  for (const vm of report.vectors('VM')) {
    const vmId = idOf(vm);
    if (vmId < 0 || !vm.MONITOR) continue;
    const figures = parseTemplate(`${Buffer.from(vm.MONITOR, 'base64').toString('utf8')}\n`);
    samples.set(vmId, samples.get(vmId)?.merge(figures) ?? figures);
  }
  return [...samples].map(([vmId, figures]) => ({ vmId, figures }));
}

function idOf(vm: Vector): number {
  return /^\d+$/.test(vm.ID ?? '') ? Number(vm.ID) : -1;
}
