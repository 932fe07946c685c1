/** docs/reference/life-cycle.md: every phase of a VM, what it waits for and where it goes, from the transition table. */
import { RECOVER_EVENTS } from '../../src/frontend/lifecycle/events.ts';
import { type DriverRequest, hasRequest, requestOf } from '../../src/frontend/lifecycle/requests.ts';
import { branches, type Choice, type Row } from '../../src/frontend/lifecycle/row.ts';
import { transitions } from '../../src/frontend/lifecycle/transitions.ts';
import { type Phase, statesOf } from '../../src/frontend/objects/phase.ts';
import type { Vm } from '../../src/frontend/objects/vm.ts';
import type { Operation } from '../../src/frontend/objects/vm-operation.ts';
import { LCM_STATE, VM_STATE } from '../../src/opennebula/vm-states.ts';

const phases = Object.keys(transitions) as Phase[];

export async function renderLifeCycle(): Promise<string> {
  return [
    '# Life cycle of a VM',
    'A VM is always in one phase: its state, or its LCM state while the state is ACTIVE. In most LCM states it waits for a driver; `done` and `failed` are the answers. An event that a phase does not list is refused with "wrong state". Ways out for a VM that is stuck (`onevm recover`) come last in each table. Why this is a table: [decision](../decisions/0005-vm-life-as-a-table.md). How the tables are used: [recover a stuck VM](../how-to/recover-a-stuck-vm.md).',
    '## The main paths',
    'Answers of drivers are drawn where all goes well.',
    diagram(),
    '## Phases',
    ...phases.map(renderPhase),
  ].join('\n\n');
}

/** Mermaid: what users ask for, and the answers that lead on. Failures, devices and clean-up are in the tables only. */
function diagram(): string {
  const isShown = (phase: Phase) => !/FAILURE|HOTPLUG|DISK|CLEANUP|CLONING/.test(phase);
  const edges = phases.filter(isShown).flatMap((phase) =>
    rowsOf(phase)
      .filter(({ event, row }) => isMainEvent(event) && row.to !== phase && isShown(row.to))
      .map(({ event, row }) => `  ${phase} --> ${row.to}${event === 'done' ? '' : `: ${event}`}`),
  );
  return ['```mermaid', 'stateDiagram-v2', ...new Set(edges), '```'].join('\n');
}

function isMainEvent(event: string): boolean {
  return !/^(failed|recover-|monitor-|images-)|-hard$/.test(event);
}

function renderPhase(phase: Phase): string {
  const { state, lcmState } = statesOf(phase);
  const numbers = state === 'ACTIVE' ? `STATE 3, LCM_STATE ${LCM_STATE[lcmState]}` : `STATE ${VM_STATE[state]}`;
  const rows = rowsOf(phase).toSorted((a, b) => rank(a.event) - rank(b.event));
  return [
    `### ${phase}`,
    `${numbers}.${waitsFor(phase)}`,
    ['| event | leads to |', '|---|---|', ...rows.map(renderRow)].join('\n'),
  ].join('\n\n');
}

function renderRow({ event, row, when }: TableRow): string {
  const condition = when === undefined ? '' : when === 'otherwise' ? ', otherwise' : `, when ${when}`;
  const gaveUp = row.cancels ? ', giving up what is under way' : '';
  return `| ${event} | ${row.to}${condition}${gaveUp} |`;
}

interface TableRow {
  readonly event: string;
  readonly row: Row;
  readonly when?: string;
}

function rowsOf(phase: Phase): TableRow[] {
  const rows: Readonly<Record<string, Row | Choice>> = transitions[phase];
  return Object.entries(rows).flatMap(([event, row]) => branches(row).map((branch) => ({ event, ...branch })));
}

/** Answers first, what users ask for next, then reports and recovery. */
function rank(event: string): number {
  if (event === 'done' || event === 'failed') return 0;
  if ((RECOVER_EVENTS as readonly string[]).includes(event)) return 3;
  return /^(monitor|images)-/.test(event) ? 2 : 1;
}

function waitsFor(phase: Phase): string {
  if (!hasRequest(phase) || phase === 'RUNNING') return '';
  const requests = new Set(examples(phase).flatMap((vm) => describe(requestOf(vm))));
  return ` It waits for ${[...requests].join(' or ')}.`;
}

function describe(request: DriverRequest | undefined): string[] {
  if (!request) return [];
  if (request.family === 'tm') return [`the \`${request.script}\` transfer`];
  const where = request.at ? ` (${request.at === 'both' ? 'both hosts' : 'the previous host'})` : '';
  return [`the driver's ${request.request}${where}`];
}

/** VMs in the phase that differ in what the request depends on. */
function examples(phase: Phase): Vm[] {
  const operations: Operation[] = [...(OPERATIONS[phase] ?? []), ...(phase.startsWith('CLEANUP') ? cleanups : [])];
  const actions = phase.startsWith('SHUTDOWN') || phase === 'SAVE_MIGRATE' ? ACTIONS[phase] : ['none'];
  return (operations.length > 0 ? operations : [undefined]).flatMap((operation) =>
    (actions ?? []).map((action) => ({ phase, operation, history: [{ action }] }) as unknown as Vm),
  );
}

const OPERATIONS: { readonly [Name in Phase]?: Operation[] } = {
  HOTPLUG: [
    { kind: 'disk-attach', diskId: 0 },
    { kind: 'disk-detach', diskId: 0 },
    { kind: 'updateconf' },
    { kind: 'exec' },
    { kind: 'exec-cancel' },
  ],
  HOTPLUG_NIC: [
    { kind: 'nic-attach', nicId: 0 },
    { kind: 'nic-detach', nicId: 0 },
    { kind: 'nic-update', nicId: 0, networkId: 0 },
  ],
  HOTPLUG_NIC_POWEROFF: [
    { kind: 'nic-attach', nicId: 0 },
    { kind: 'nic-detach', nicId: 0 },
  ],
  HOTPLUG_SNAPSHOT: [
    { kind: 'snapshot-create', snapshotId: 0 },
    { kind: 'snapshot-revert', snapshotId: 0 },
    { kind: 'snapshot-delete', snapshotId: 0 },
  ],
  HOTPLUG_RESIZE: [{ kind: 'resize', previous: { cpu: '1', memory: '1' } }],
};

const cleanups: Operation[] = (['PROLOG', 'RUNNING', 'SAVE_MIGRATE', 'MIGRATE', 'PROLOG_MIGRATE'] as const).map(
  (from) => ({ kind: 'cleanup', from }),
);

const ACTIONS: Readonly<Record<string, string[]>> = {
  SHUTDOWN: ['terminate', 'terminate-hard'],
  SHUTDOWN_POWEROFF: ['poweroff', 'poweroff-hard'],
  SHUTDOWN_UNDEPLOY: ['undeploy', 'undeploy-hard'],
  SAVE_MIGRATE: ['migrate', 'poweroff-migrate', 'poweroff-hard-migrate'],
};
