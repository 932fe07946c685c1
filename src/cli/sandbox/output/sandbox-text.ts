/** A sandbox as people read it: what exists, where, and what to type next. */
import type { SandboxStatus } from '../../../sandbox/status.ts';
import type { UpResult } from '../../../sandbox/up.ts';
import type { Hint } from '../called-as.ts';
import { seconds } from './seconds.ts';
import { columns, indent } from './table.ts';

export function statusText(status: SandboxStatus, hint: Hint): string {
  if (status.state === 'absent') return `Sandbox ${status.name} does not exist. \`${hint('up')}\` makes it.`;
  const state = status.state === 'running' ? 'runs' : 'is not whole; `up` mends it';
  return [`Sandbox ${status.name} ${state}.`, '', describe(status)].join('\n');
}

export function upText(result: UpResult, hint: Hint): string {
  const head = result.changed
    ? `Sandbox ${result.name} is up (${seconds(result.seconds)}).`
    : `Sandbox ${result.name} is as it should be (${seconds(result.seconds)}).`;
  return [
    head,
    '',
    describe(result),
    ...result.pages.map(({ vm, url }) => `\n  Page of VM ${vm}: ${url}`),
    ...result.extra.map((machine) => `\n  Not asked for: ${machine}. \`${hint('host rm', machine)}\` removes it.`),
    '',
    'Next:',
    indent(columns(nextSteps(result, hint))),
  ].join('\n');
}

function describe({ endpoint, machines, hosts, images, vms }: SandboxStatus): string {
  const hostState = (name: string) => hosts.find((host) => host.name === name)?.state.toLowerCase();
  const rows = [
    ...(endpoint === undefined ? [] : [['OpenNebula', '', endpoint]]),
    ...machines.map(({ name, role, address, running }) => [
      'machine',
      name,
      [
        address,
        ...(running ? [] : ['stopped']),
        ...(role === 'host' ? [hostState(name) ?? 'not registered'] : []),
      ].join('  '),
    ]),
    ...images.map(({ id, name, state }) => ['image', name, `${state.toLowerCase()}  (id ${id})`]),
    ...vms.map(({ id, name, state, host, addresses }) => [
      'VM',
      name,
      [...addresses, state.toLowerCase(), ...(host === '' ? [] : [`on ${host}`]), `(id ${id})`].join('  '),
    ]),
  ];
  return indent(columns(rows));
}

function nextSteps({ machines }: UpResult, hint: Hint): string[][] {
  const host = machines.find(({ role }) => role === 'host')?.name;
  return [
    [hint('one', 'onevm', 'list'), 'any of OpenNebula’s commands'],
    ...(host === undefined ? [] : [[hint('ssh', host), 'a shell on a host']]),
    [`eval "$(${hint('env').replace('npm run', 'npm run --silent')})"`, 'ONE_XMLRPC and ONE_AUTH for clients of yours'],
    [hint('down'), 'removes everything'],
  ];
}
