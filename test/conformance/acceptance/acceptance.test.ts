/** `onedock test` against a front-end with dummy hosts: what it tries, what it skips, and that nothing of it stays. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSuite, type SuiteResult, type TrialResult } from '../../../src/acceptance/run.ts';
import { TRIALS } from '../../../src/acceptance/trials.ts';
import { type Client, createClient } from '../../../src/opennebula/client/client.ts';
import { waitForHost } from '../../../src/opennebula/client/wait.ts';
import { type DummyFrontend, startDummyFrontend } from '../../support/dummy-frontend.ts';

const ONEDOCK = join(import.meta.dirname, '../../../bin/onedock.mjs');

describe('onedock test', () => {
  let frontend: DummyFrontend;
  let client: Client;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-acceptance-'));
    frontend = await startDummyFrontend({ hosts: 2 });
    client = createClient(frontend);
    await writeFile(join(folder, 'one_auth'), `${frontend.session}\n`, { mode: 0o600 });
    const range = 'AR = [ TYPE = "IP4", IP = "10.9.0.10", SIZE = "20" ]';
    await client.vn.allocate(`NAME = "vms"\nVN_MAD = "dummy"\nBRIDGE = "br0"\n${range}\n`);
  });
  afterEach(async () => {
    client?.[Symbol.dispose]();
    await frontend?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (...words: string[]) => {
    const access = ['--endpoint', frontend.endpoint, '--auth', 'one_auth'];
    return execa(process.execPath, [ONEDOCK, 'test', ...access, ...words], { cwd: folder, reject: false });
  };
  const whatThereIs = async () => ({
    vms: (await client.vmpool.info()).objects.length,
    images: (await client.imagepool.info()).objects.length,
    leases: (await client.vnpool.info()).objects.map(({ usedLeases }) => usedLeases),
  });
  const NOTHING = { vms: 0, images: 0, leases: [0] };
  const outcomes = (trials: readonly TrialResult[]) =>
    Object.fromEntries(trials.map(({ name, outcome }) => [name, outcome]));

  it('takes a VM through its whole life, reports in three forms, and leaves nothing', async () => {
    const { exitCode, stdout } = await start('--image', '/var/tmp/any-image', '--report', 'results', '--json');
    const result = JSON.parse(stdout) as SuiteResult;
    expect(outcomes(result.trials)).toEqual({
      ...Object.fromEntries(TRIALS.map(({ name }) => [name, 'passed'])),
      'reach its address': 'skipped',
      'leave nothing behind': 'passed',
    });
    expect(exitCode).toBe(0);
    expect(await whatThereIs()).toEqual(NOTHING);
    const report = (ending: string) => readFile(join(folder, `results/onedock-test.${ending}`), 'utf8');
    expect(JSON.parse(await report('json'))).toEqual(result);
    expect(await report('xml')).toContain(`tests="${TRIALS.length + 1}" failures="0" skipped="1"`);
    expect(await report('txt')).toContain('✓ migrate');
  });

  it('skips what the cloud lacks, with the reason', async () => {
    const [network] = (await client.vnpool.info()).objects;
    const hosts = (await client.hostpool.info()).objects;
    if (network) await client.vn.delete(network.id);
    if (hosts[1]) await client.host.delete(hosts[1].id);
    const { exitCode, stderr } = await start();
    expect(exitCode).toBe(0);
    expect(stderr).toContain('- attach and detach a NIC (skipped): there is no virtual network');
    expect(stderr).toContain('- migrate (skipped): there is one host only');
    expect(stderr).toContain('- save a disk as an image (skipped): the VM has no disk of an image');
  });

  it('fails where a step fails, goes on as far as it can, and cleans up', async () => {
    const trials = TRIALS.map((trial) =>
      trial.name === 'migrate' ? { ...trial, run: () => Promise.reject(new Error('The road is closed.')) } : trial,
    );
    const { trials: results } = await runSuite(client, {
      wish: {},
      timeoutSeconds: 60,
      signal: new AbortController().signal,
      report: () => {},
      trials,
    });
    expect(results.find(({ name }) => name === 'migrate')).toMatchObject({
      outcome: 'failed',
      detail: 'The road is closed.',
    });
    expect(outcomes(results)).toMatchObject({ terminate: 'passed', 'leave nothing behind': 'passed' });
    expect(await whatThereIs()).toEqual(NOTHING);
  });

  it('removes what it has made when it is interrupted, and says so by its exit code', async () => {
    // No host takes the VM, so that it waits until somebody interrupts.
    const impossible = '\nSCHED_REQUIREMENTS = "NAME = \\"nowhere\\""\n';
    await client.template.allocate(
      `NAME = "stuck"\nCPU = "0.1"\nMEMORY = "64"\nNIC = [ NETWORK = "vms" ]${impossible}`,
    );
    const running = start('--template', 'stuck', '--image', '/var/tmp/any-image');
    await expect.poll(async () => (await client.vmpool.info()).objects.length, { timeout: 60_000 }).toBe(1);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect(await whatThereIs()).toEqual(NOTHING);
  });

  it.each([
    [2, 'TEST_OBJECT_NOT_FOUND', ['--network', 'none']],
    [2, 'AUTH_FILE_UNREADABLE', ['--auth', 'nowhere']],
    [1, 'ENDPOINT_UNREACHABLE', ['--endpoint', 'http://127.0.0.1:1/RPC2']],
  ] as const)('ends with %s by %s', async (code, error, words) => {
    const { exitCode, stderr } = await start(...words);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(`[${error}]`)]);
  });

  it('ends with 3 where no host is monitored', async () => {
    for (const { id } of (await client.hostpool.info()).objects) {
      await client.host.status(id, 2);
      await waitForHost(client, id, 'OFFLINE');
    }
    const { exitCode, stderr } = await start();
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('[NOTHING_TO_TEST_ON]')]);
  });
});
