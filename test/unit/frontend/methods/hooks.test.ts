import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HookCommand } from '../../../../src/frontend/hooks/hook-command.ts';
import { findAll, parseXml } from '../../../../src/opennebula/xml.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;
let ran: HookCommand[];
let exitCode: number;

beforeEach(async () => {
  ran = [];
  exitCode = 0;
  one = await startCloudInProcess({
    configuration: 'HOOK_LOG_CONF=[LOG_RETENTION="3"]',
    async runHook(command) {
      ran.push(command);
      return { code: exitCode, stdout: 'out', stderr: '' };
    },
  });
});

afterEach(() => one[Symbol.asyncDispose]());

const allocate = (template: string) => one.oneadmin.call('one.hook.allocate', template);
const executionsOf = (id: number) => one.cloud.pools.hook.get(id)?.executions ?? [];
const executed = (id: number, times = 1) => one.until(() => executionsOf(id).length >= times);
const decoded = (word = '') => parseXml(Buffer.from(word, 'base64').toString());
const read = (root: ReturnType<typeof parseXml>, path: string) => findAll(root, path).map(({ text }) => text);

describe('state hooks', () => {
  it('run their command with the document of a VM that enters the state', async () => {
    const id = await allocate(
      'NAME=h\nTYPE=state\nRESOURCE=VM\nON=RUNNING\nCOMMAND="/bin/tell"\nARGUMENTS="entered $TEMPLATE"\n',
    );
    await one.host('dummy-1');
    const vm = await one.oneadmin.call('one.vm.allocate', 'NAME=a\nCPU=1\nMEMORY=64\n', false);
    await executed(id);
    const [path, word, document] = ran[0]?.line.split(' ') ?? [];
    expect([path, word]).toEqual(['/bin/tell', 'entered']);
    expect(read(decoded(document), 'ID')).toEqual([String(vm)]);
    expect(read(decoded(document), 'LCM_STATE')).toEqual(['3']);
  });

  it('run once for each time that the state is entered', async () => {
    const id = await allocate('NAME=h\nTYPE=state\nRESOURCE=HOST\nSTATE=DISABLED\nCOMMAND=off.sh\n');
    const host = await one.host('dummy-1');
    for (const status of [1, 0, 1]) await one.oneadmin.call('one.host.status', host, status);
    await executed(id, 2);
    expect(ran.map(({ line }) => line)).toEqual([
      '/var/lib/one/remotes/hooks/off.sh',
      '/var/lib/one/remotes/hooks/off.sh',
    ]);
  });

  it('get their arguments on standard input when they ask for it', async () => {
    const id = await allocate(
      'NAME=h\nTYPE=state\nRESOURCE=HOST\nSTATE=INIT\nCOMMAND=/x\nARGUMENTS="$TEMPLATE"\nARGUMENTS_STDIN=YES\nTIMEOUT=5\n',
    );
    await one.oneadmin.call('one.host.allocate', 'h9', 'dummy', 'dummy', -1);
    await executed(id);
    expect(ran[0]).toMatchObject({ line: '/x', timeoutSeconds: 5 });
    expect(read(decoded(ran[0]?.stdin), 'NAME')).toEqual(['h9']);
  });

  it('run on the host that the object is on when they are remote', async () => {
    const id = await allocate('NAME=h\nTYPE=state\nRESOURCE=HOST\nSTATE=INIT\nCOMMAND=fence.sh\nREMOTE=YES\n');
    await one.oneadmin.call('one.host.allocate', 'h9', 'dummy', 'dummy', -1);
    await executed(id);
    expect(ran[0]).toMatchObject({ line: '/var/tmp/one/hooks/fence.sh', remoteHost: 'h9' });
  });

  it.each([
    ['TYPE=state\nRESOURCE=VM\nON=RUNNING\n', 'No COMMAND in template for Hook.'],
    ['TYPE=odd\nCOMMAND=x\n', 'Invalid Hook type: odd'],
    ['TYPE=state\nCOMMAND=x\n', 'RESOURCE attribute is required for STATE hooks.'],
    ['TYPE=state\nCOMMAND=x\nRESOURCE=USER\n', 'Invalid resource type: USER'],
    ['TYPE=state\nCOMMAND=x\nRESOURCE=VM\nON=SLEEPING\n', 'Unkown state condition: SLEEPING'],
    ['TYPE=state\nCOMMAND=x\nRESOURCE=VM\nON=CUSTOM\nSTATE=NO\n', 'Wrong STATE: NO'],
    ['TYPE=state\nCOMMAND=x\nRESOURCE=HOST\nSTATE=MONITORING_INIT\n', 'Invalid STATE: MONITORING_INIT'],
    ['TYPE=api\nCOMMAND=x\nCALL=one.vm.info\n', 'API call does not exist or is not supported: one.vm.info'],
    ['TYPE=api\nCOMMAND=x\nCALL=one.vm.dance\n', 'API call does not exist or is not supported: one.vm.dance'],
  ])('are refused with %j', async (template, reason) => {
    expect(await one.oneadmin.refusal('one.hook.allocate', `NAME=h\n${template}`)).toBe(
      `8192 [one.hook.allocate] ${reason}`,
    );
  });

  it('are refused without a name, and with one that is taken', async () => {
    expect(await one.oneadmin.refusal('one.hook.allocate', 'TYPE=api\n')).toContain('Invalid name.');
    await allocate('NAME=h\nTYPE=api\nCALL=one.vm.allocate\nCOMMAND=x\n');
    expect(await one.oneadmin.refusal('one.hook.allocate', 'NAME=h\nTYPE=api\nCALL=one.vm.allocate\nCOMMAND=x\n')).toBe(
      '8192 [one.hook.allocate] NAME is already taken by Hook 0.',
    );
  });
});

describe('API hooks', () => {
  it('run their command with what was called and answered', async () => {
    const id = await allocate('NAME=h\nTYPE=api\nCALL=one.user.allocate\nCOMMAND=/tell\nARGUMENTS=$API\n');
    await one.oneadmin.call('one.user.allocate', 'ada', 'secret', '', []);
    await executed(id);
    const info = decoded(ran[0]?.line.split(' ')[1]);
    expect(read(info, 'RESULT')).toEqual(['1']);
    expect(read(info, 'PARAMETERS/PARAMETER/VALUE')).toEqual(['****', 'ada', '****', '', '', 'true', '2', '0']);
    expect(read(info, 'EXTRA/USER/NAME')).toEqual(['ada']);
  });

  it('hear of calls that were refused, too', async () => {
    const id = await allocate('NAME=h\nTYPE=api\nCALL=one.host.delete\nCOMMAND=/tell\nARGUMENTS=$API\n');
    await one.oneadmin.refusal('one.host.delete', 7);
    await executed(id);
    const info = decoded(ran[0]?.line.split(' ')[1]);
    expect(read(info, 'RESULT')).toEqual(['0']);
    expect(read(info, 'PARAMETERS/PARAMETER/VALUE').slice(-3)).toEqual([
      '[one.host.delete] Error getting host [7].',
      '1024',
      '7',
    ]);
  });
});

describe('executions of hooks', () => {
  const calledHook = 'NAME=h\nTYPE=api\nCALL=one.cluster.allocate\nCOMMAND=/x\nARGUMENTS="a b"\n';

  it('are shown with the hook, the last ones', async () => {
    const id = await allocate(calledHook);
    for (const name of ['a', 'b', 'c', 'd']) await one.oneadmin.call('one.cluster.allocate', name);
    await one.until(() => executionsOf(id).at(-1)?.id === 3);
    const info = parseXml(await one.oneadmin.call<string>('one.hook.info', id));
    const path = 'HOOKLOG/HOOK_EXECUTION_RECORD';
    expect(read(info, `${path}/EXECUTION_ID`)).toEqual(['1', '2', '3']);
    expect(read(info, `${path}/ARGUMENTS`)[0]).toBe('a b');
    expect(read(info, `${path}/EXECUTION_RESULT/STDOUT`)[0]).toBe('b3V0\n');
    expect(await one.oneadmin.read('HOOK/HOOKLOG', 'one.hookpool.info')).toBeUndefined();
  });

  it('are listed by hook and outcome', async () => {
    const id = await allocate(calledHook);
    exitCode = 3;
    await one.oneadmin.call('one.cluster.allocate', 'a');
    await executed(id);
    const codes = async (outcome: number) =>
      read(
        parseXml(await one.oneadmin.call<string>('one.hooklog.info', -1, -1, id, outcome)),
        'HOOK_EXECUTION_RECORD/EXECUTION_RESULT/CODE',
      );
    expect(await codes(0)).toEqual(['3']);
    expect(await codes(1)).toEqual([]);
    expect(await codes(-1)).toEqual(['3']);
  });

  it('can be repeated with the arguments that they had', async () => {
    const id = await allocate(calledHook);
    await one.oneadmin.call('one.cluster.allocate', 'a');
    await executed(id);
    await one.oneadmin.call('one.hook.update', id, 'COMMAND=/y\nCALL=one.cluster.allocate\n', 0);
    await one.oneadmin.call('one.hook.retry', id, 0);
    await executed(id, 2);
    expect(ran.map(({ line }) => line)).toEqual(['/x a b', '/y a b']);
    expect(executionsOf(id)[1]?.isRetry).toBe(true);
    expect(await one.oneadmin.refusal('one.hook.retry', id, 9)).toContain('Arguments not found.');
  });
});

describe('hooks', () => {
  it('may be for another kind of object later, whose states theirs are', async () => {
    const id = await allocate('NAME=i\nTYPE=state\nRESOURCE=HOST\nSTATE=disabled\nCOMMAND=/x\n');
    await one.oneadmin.call('one.hook.update', id, 'RESOURCE=IMAGE\nSTATE=error\n', 1);
    expect(await one.oneadmin.read('TEMPLATE/RESOURCE', 'one.hook.info', id, false)).toBe('IMAGE');
    expect(await one.oneadmin.read('TEMPLATE/STATE', 'one.hook.info', id, false)).toBe('ERROR');
    expect(await one.oneadmin.refusal('one.hook.update', id, 'RESOURCE=VM\n', 1)).toContain(
      "The STATE attribute is not defined or it's invalid.",
    );
    expect(await one.oneadmin.read('TEMPLATE/RESOURCE', 'one.hook.info', id, false)).toBe('IMAGE');
  });

  it('are for administrators', async () => {
    await allocate('NAME=h\nTYPE=api\nCALL=one.vm.allocate\nCOMMAND=x\n');
    const ada = await one.user('ada');
    expect(await ada.refusal('one.hook.allocate', 'NAME=i\nTYPE=api\nCALL=one.vm.allocate\nCOMMAND=x\n')).toBe(
      '512 [one.hook.allocate] User [2] : Not authorized to perform CREATE HOOK.',
    );
    expect(await ada.refusal('one.hook.info', 0)).toContain('Not authorized to perform USE HOOK [0]');
    expect(await ada.refusal('one.hooklog.info', -1, -1, -1, 0)).toBe(
      '512 [one.hooklog.info] User [2] not authorized to perform action on hook.',
    );
    expect(await ada.call('one.hookpool.info')).toBe('<HOOK_POOL></HOOK_POOL>');
  });

  it('stop when they are removed', async () => {
    const id = await allocate('NAME=h\nTYPE=api\nCALL=one.cluster.allocate\nCOMMAND=x\n');
    await one.oneadmin.call('one.hook.delete', id);
    await one.oneadmin.call('one.cluster.allocate', 'a');
    expect(ran).toEqual([]);
  });
});
