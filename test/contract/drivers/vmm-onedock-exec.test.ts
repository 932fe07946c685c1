import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { Vector } from '../../../src/opennebula/template.ts';
import { noDockerHost } from '../../support/docker-host.ts';
import { startMonitoring, WAYS } from '../../support/driver-ways.ts';
import { type HostWatch, watchHost } from '../../support/host-watch.ts';
import type { ImageName, TestCloudHost } from '../../support/test-cloud-host.ts';
import { requestDocument } from '../../support/vm-documents.ts';
import { startVmmHost, type VmmHost } from '../../support/vmm-driver.ts';

const BYTES_KEPT = 16 * 1024;

describe.skipIf(noDockerHost()).each(WAYS)('commands in a vmm/onedock VM, %s', (way) => {
  let started: VmmHost;
  let host: TestCloudHost;
  /** Monitoring is a program that stays, whoever calls the actions. */
  let monitoring: DriverRunner;
  let watch: HostWatch;
  let id = 5;
  let seq = 1;
  let from: number;

  beforeAll(async () => {
    started = await startVmmHost(way);
    ({ host } = started);
    monitoring = way === 'in process' ? started.drivers : startMonitoring(way, host.settings);
    watch = await watchHost(monitoring, host.address);
  });
  afterAll(async () => {
    await watch?.[Symbol.asyncDispose]();
    if (way !== 'in process') await monitoring?.[Symbol.asyncDispose]();
    await started?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    id++;
    from = watch.reports.length;
  });

  const start = async (image: ImageName = 'web') => {
    await host.placeDisks(id, image);
    await started.vmm.deploy({ id });
  };
  const act = (action: string, argv: readonly string[]) =>
    started.drivers.run({
      family: 'vmm',
      driver: 'onedock',
      action,
      argv,
      stdin: requestDocument({ id, host: host.address, seq }),
    });
  const again = (command: string, stdin?: string) =>
    act('exec', [`${id}`, host.address, command, ...(stdin === undefined ? [] : [base64(stdin)])]);
  const exec = (command: string, stdin?: string) => {
    seq++;
    return again(command, stdin);
  };
  const giveUp = () => {
    seq++;
    return act('exec_cancel', [`${id}`, host.address]);
  };
  const stop = (action: string) => act(action, [`one-${id}`, host.address, `${id}`, host.address]);
  const told = (): Vector[] =>
    watch.reports
      .slice(from)
      .flatMap(({ type, template }) => (type === 'EXEC_VM' ? template.vectors('VM') : []))
      .filter(({ ID }) => ID === `${id}`);
  const end = async () => {
    await watch.until(({ type, text }) => type === 'EXEC_VM' && text.includes(`ID="${id}"`), from);
    const [{ STDOUT = '', STDERR = '', ...rest } = {}] = told();
    return { ...rest, STDOUT: text(STDOUT), STDERR: text(STDERR) };
  };
  const processes = (program: string) =>
    host.inVm(
      id,
      `for p in /proc/[0-9]*; do tr "\\0" " " <$p/cmdline 2>/dev/null; echo; done | grep -c "^${program}" || true`,
    );

  it('print to two streams, read a third, and end with a code', async () => {
    await start();
    await exec(`sh -c 'cat; echo "two  words" >&2; exit 3'`, 'one\ntwo');
    await expect(end()).resolves.toMatchObject({
      ID: `${id}`,
      STATUS: 'DONE',
      RETURN_CODE: '3',
      STDOUT: 'one\ntwo',
      STDERR: 'two  words\n',
      PID: expect.stringMatching(/^\d+$/),
    });
  });

  it('run as root, in the directory and with the environment of the image, behind no shell', async () => {
    await start('app');
    await exec('sh -c "id -u; pwd; echo $GREETING; echo $1 $#" "" * $HOME');
    await expect(end()).resolves.toMatchObject({ RETURN_CODE: '0', STDOUT: '0\n/srv\ngood day\n* 2\n' });
  });

  it('take a program of the image; one without a shell has none', async () => {
    await start('bare');
    await expect(exec('sh -c true')).rejects.toThrow(/cannot be run in one-\d+. There is no program sh in the image/);
    await expect(exec('/bin/none')).rejects.toThrow('There is no program /bin/none in the image');
    await exec('/sleep 0');
    await expect(end()).resolves.toMatchObject({ STATUS: 'DONE', RETURN_CODE: '0', STDOUT: '' });
  });

  it.each([
    ["sh -c 'echo", '', 'A quote is not closed'],
    [' ', '', 'It names no program'],
    ['cat', '?', 'not in base64'],
    ['cat', 'A'.repeat(130_000), 'too long'],
  ])('are refused where they are none: %j', async (command, stdin, reason) => {
    await expect(act('exec', [`${id}`, host.address, command, stdin])).rejects.toThrow(reason);
  });

  it('are not disturbed when they print more than is kept', async () => {
    await start();
    await exec(`sh -c 'head -c 100000 /dev/zero; echo "last words" >&2'`);
    const { STDOUT, STDERR, ...rest } = await end();
    expect(rest).toMatchObject({ STATUS: 'DONE', RETURN_CODE: '0', TRUNCATED: 'YES' });
    expect([STDOUT.length, STDERR]).toEqual([BYTES_KEPT, 'last words\n']);
  });

  it('can be given up, with what they have started, and nothing is told of them', async () => {
    await start();
    await exec(`sh -c 'sleep 1000 & sleep 1000; echo woken'`);
    await expect.poll(() => processes('sleep 1000')).toBe('2');
    for (const _ of [1, 2]) await giveUp();
    expect(await processes('sleep 1000')).toBe('0');
    await exec('echo next');
    await expect(end()).resolves.toMatchObject({ STATUS: 'DONE', STDOUT: 'next\n' });
    expect(told()).toHaveLength(1);
  });

  it('are begun once, however often the same request is made', async () => {
    await start();
    const command = `sh -c 'echo ran >>/ran; sleep 0.3'`;
    await exec(command);
    await again(command);
    await end();
    await again(command);
    expect(await host.inVm(id, 'cat /ran')).toBe('ran');
  });

  it('that end while nobody follows the host are told of once somebody does, and only once', async () => {
    await start();
    await watch[Symbol.asyncDispose]();
    await exec('echo unheard');
    await expect.poll(() => host.inVm(id, 'cat /dev/shm/.onedock-command/code')).toBe('0');
    watch = await watchHost(monitoring, host.address);
    from = 0;
    await expect(end()).resolves.toMatchObject({ STATUS: 'DONE', STDOUT: 'unheard\n' });
    await expect.poll(() => host.sh(`ls /var/lib/one/datastores/0/${id}/command`)).toMatch(/^\d+-told$/);
    await watch[Symbol.asyncDispose]();
    watch = await watchHost(monitoring, host.address);
    await exec('echo heard');
    await expect(end()).resolves.toMatchObject({ STDOUT: 'heard\n' });
    expect(told()).toHaveLength(1);
  });

  it('end with a VM that ends by itself, and their result is lost', async () => {
    await start();
    await exec('sleep 1000');
    await host.sh(`docker kill one-${id} >/dev/null`);
    await expect(end()).resolves.toMatchObject({
      STATUS: 'ERROR',
      STDERR: expect.stringContaining('ended with its VM'),
    });
    await expect(exec('true')).rejects.toThrow('does not run');
  });

  it('end with a VM that is restarted', async () => {
    await start();
    await exec('sleep 1000');
    await stop('reset');
    await expect(end()).resolves.toMatchObject({ STATUS: 'ERROR' });
  });

  it('end with a VM that is stopped, of which OpenNebula knows that they do', async () => {
    await start();
    await exec('sleep 1000');
    await stop('cancel');
    await started.vmm.deploy({ id });
    await exec('true');
    await expect(end()).resolves.toMatchObject({ STATUS: 'DONE' });
    expect(told()).toHaveLength(1);
  });
});

function base64(value: string): string {
  return Buffer.from(value).toString('base64');
}

function text(value: string): string {
  return Buffer.from(value, 'base64').toString();
}
