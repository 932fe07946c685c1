import { describe, expect, it } from 'vitest';
import type { ContainerStatus, ContainerSummary } from '../../../../src/drivers/docker/docker-types.ts';
import { lookAtGuests } from '../../../../src/drivers/im/onedock/look-at-host.ts';
import { stateReport } from '../../../../src/drivers/im/onedock/reports.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';
import { recordingDockerHost } from '../../../support/recording-docker-host.ts';

const container = (name: string, State: ContainerStatus, vm = name.replace('one-', '')): ContainerSummary => ({
  Id: name,
  Names: [`/${name}`],
  Image: 'i',
  State,
  Status: '',
  Labels: vm === '' ? null : { 'org.onedock.vm': vm },
});
const look = (containers: readonly ContainerSummary[], locked: readonly string[] = [], imported = '') =>
  lookAtGuests(
    recordingDockerHost({ containers, locked, imported }).host,
    { datastoreLocation: '/var/lib/one/datastores' },
    new AbortController().signal,
  );

describe('lookAtGuests', () => {
  it.each([
    ['running', 'RUNNING'],
    ['restarting', 'RUNNING'],
    ['paused', 'SUSPENDED'],
    ['created', 'POWEROFF'],
    ['exited', 'POWEROFF'],
    ['dead', 'POWEROFF'],
    ['removing', 'POWEROFF'],
  ] as const)('a container that is %s is %s', async (status, state) => {
    await expect(look([container('one-5', status)])).resolves.toEqual([{ vmId: 5, deployId: 'one-5', state }]);
  });

  it('a VM that an action works on is UNKNOWN, which changes nothing', async () => {
    const found = await look([container('one-5', 'exited'), container('one-6', 'running')], ['one-5']);
    expect(found.map(({ state }) => state)).toEqual(['UNKNOWN', 'RUNNING']);
  });

  it('containers without our label, or with another name, are none of ours', async () => {
    const others = [
      container('one-5', 'running', ''),
      container('web', 'running', '5'),
      container('one-05', 'running'),
    ];
    await expect(look(others)).resolves.toEqual([]);
  });

  it('a container that was imported is a VM, whatever its name', async () => {
    const [web, other] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string];
    const found = await look(
      [
        { ...container('web', 'running', ''), Id: web },
        { ...container('other', 'running', ''), Id: other },
      ],
      [web],
      `0/7/imported/${web}\n0/8/imported/junk\n`,
    );
    expect(found).toEqual([{ vmId: 7, deployId: web, state: 'UNKNOWN' }]);
  });
});

describe('stateReport', () => {
  it('says what became of VMs that it does not name, when it names all', () => {
    const guests = [{ vmId: 5, deployId: 'one-5', state: 'RUNNING' }] as const;
    const complete = parseTemplate(`${stateReport(guests, { complete: true }).text}\n`);
    expect(complete.get('SYNC_STATE')).toBe('yes');
    expect(complete.get('MISSING_STATE')).toBe('POWEROFF');
    expect(complete.vectors('VM')).toEqual([{ ID: '5', DEPLOY_ID: 'one-5', STATE: 'RUNNING' }]);
    expect(stateReport(guests, { complete: false }).text).not.toContain('SYNC_STATE');
  });
});
