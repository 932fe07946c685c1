/** What the commands print besides documents: help, errors, lists on a terminal. */
import { describe, expect, it } from 'vitest';
import { runOne, type Surroundings } from '../../support/one-command.ts';
import { type Answers, startStubFrontend } from '../../support/stub-frontend.ts';
import { type } from './type.ts';

describe('arguments', () => {
  it.each([
    ['onevm show', 'Command show requires one parameter to run\n'],
    ['onevm deploy 7', 'Command deploy requires 3 parameters to run.\n'],
    ['onevm show 7 8', 'Wrong number of arguments\nThe arguments should be: <vmid>\n'],
    ['onehost list all', 'Wrong number of arguments\nNo argument is required\n'],
    ['onevm disk-detach 7 first', "Argument 'first' is not a valid ID\n"],
    ['onevm list --nope', 'invalid option: --nope\n'],
    ['onevm create --memory much', 'Memory value malformed\noption memory: Parsing error\n'],
    ['oneacl create a b', 'Wrong number of arguments, must be 1 or 4\n'],
    ['onevm list --grpc', 'gRPC is not supported; leave --grpc out to use XML-RPC.\n'],
  ])('that are wrong: %s', async (line, stderr) => {
    expect(await type(line, {})).toMatchObject({ stderr, exitCode: 255 });
  });

  it.each(['nothing', 'constructor'])('that name no command, as %s', async (name) => {
    const { stderr, exitCode } = await type(`one ${name}`, {});
    expect(stderr).toMatch(new RegExp(`^'${name}' is no command\\. There are oneacct, oneacl, `));
    expect(exitCode).toBe(255);
  });

  it('may name a user by a word that every object has', async () => {
    const answers = { 'one.userpool.info': '<USER_POOL><USER><ID>2</ID><NAME>ada</NAME></USER></USER_POOL>' };
    const { stderr, exitCode } = await type('onevm list constructor', answers);
    expect(stderr).toBe('USER named constructor not found.\n');
    expect(exitCode).toBe(255);
  });

  it('say which user asks', async () => {
    await using frontend = await startStubFrontend({ 'one.vmpool.info': '<VM_POOL></VM_POOL>' });
    const argv = ['onevm', '--user', 'eve', 'list', '-x', '--endpoint', frontend.endpoint];
    const { exitCode } = await runOne(argv, { endpoint: 'http://127.0.0.1:1/RPC2', answers: ['secret'] });
    expect(exitCode).toBe(0);
  });
});

describe('help', () => {
  it('of a tool lists its commands', async () => {
    const { stdout, exitCode } = await type('onevm', {});
    expect(exitCode).toBe(0);
    expect(stdout).toContain('## SYNOPSIS\n\n`onevm` <command> [<args>] [<options>]\n');
    expect(stdout).toContain('   * deploy <range|vmid_list> <hostid> [<datastoreid>]\n');
    expect(stdout).toContain('        valid options: enforce, file\n');
    expect(stdout).toContain('## VERSION\nOpenNebula 7.4.0\n');
  });

  it('of a command shows its options', async () => {
    const { stdout, calls } = await type('oneimage clone --help', {});
    expect(stdout).toContain('## USAGE\nclone <imageid> <name>\n');
    expect(stdout).toContain('     -d, --datastore id|name   Selects the datastore\n');
    expect(calls).toEqual([]);
  });

  it('is shown for a command that does not exist, which is a failure', async () => {
    const { stdout, stderr, exitCode } = await type('onevm fly', {});
    expect(stdout).toContain('## COMMANDS');
    expect({ stderr, exitCode }).toEqual({ stderr: "Command 'fly' not found\n", exitCode: 255 });
  });

  it('tells the version', async () => {
    expect((await type('onevm --version', {})).stdout).toMatch(/^OpenNebula 7\.4\.0\n/);
  });
});

describe('lists', () => {
  it('are described', async () => {
    const { stdout, calls } = await type('onehost list --describe', {});
    expect(stdout.split('\n')[0]).toBe('ID                  : ONE identifier for Host');
    expect(calls).toEqual([]);
  });

  it('fetch names of clusters only for the column that shows them', async () => {
    const answers: Answers = {
      'one.vmpool.info':
        '<VM_POOL><VM><ID>7</ID><STATE>3</STATE><LCM_STATE>3</LCM_STATE><HISTORY_RECORDS><HISTORY><CID>100</CID></HISTORY></HISTORY_RECORDS></VM></VM_POOL>',
      'one.clusterpool.info': '<CLUSTER_POOL><CLUSTER><ID>100</ID><NAME>blue</NAME></CLUSTER></CLUSTER_POOL>',
    };
    expect((await type('onevm list', answers)).calls).toHaveLength(1);
    expect((await type('onevm list -l ID,CLUSTER --no-header', answers)).stdout).toBe('   7 blue\n');
  });

  it('leave images that are no backups out with --backup', async () => {
    const pool =
      '<IMAGE_POOL><IMAGE><ID>1</ID><TYPE>6</TYPE></IMAGE><IMAGE><ID>0</ID><TYPE>0</TYPE></IMAGE></IMAGE_POOL>';
    const { stdout } = await type('oneimage list --backup -l ID --no-header', { 'one.imagepool.info': pool });
    expect(stdout).toBe('   1\n');
  });

  it('are bold and paged on a terminal', async () => {
    const many = Array.from({ length: 30 }, (_, id) => `<HOST><ID>${id}</ID></HOST>`).join('');
    const answers: Answers = { 'one.hostpool.info': `<HOST_POOL>${many}</HOST_POOL>` };
    const paged: string[] = [];
    const terminal = { columns: 80, rows: 24 };
    const runProgram: Surroundings['runProgram'] = ([program = '', path = ''], files) => {
      paged.push(program, files.get(path) ?? '');
      return 0;
    };
    const { stdout } = await type('onehost list -l ID', answers, { terminal, runProgram, env: { ONE_PAGER: 'less' } });
    expect(stdout).toBe('');
    expect(paged[0]).toBe('less');
    expect(paged[1]?.split('\n')).toHaveLength(32);
    const short = await type('onehost list -l ID --no-pager', answers, { terminal });
    expect(short.stdout.startsWith('\x1b[1m\x1b[4m')).toBe(true);
  });

  it('of zones say where each stands, or a dash', async () => {
    const { stdout } = await type('onezone list --no-header', {
      'one.zonepool.info':
        '<ZONE_POOL><ZONE><ID>0</ID><NAME>OpenNebula</NAME><STATE>0</STATE><TEMPLATE><ENDPOINT><![CDATA[http://127.0.0.1:1/RPC2]]></ENDPOINT></TEMPLATE></ZONE></ZONE_POOL>',
    });
    expect(stdout).toMatch(/^ {5}0 OpenNebula {6}http:\/\/127.0.0.1:1\/RPC2 +- +on\n$/);
  });
});

describe('tokens', () => {
  it('are written into the file of credentials', async () => {
    const files = new Map<string, string>();
    const { stdout, calls } = await type(
      'oneuser login eve --force --time 60',
      { 'one.user.login': 'abc' },
      { files, answers: ['secret'] },
    );
    expect(calls).toEqual([['one.user.login', 'eve', '', 60, -1]]);
    expect(files.get('/auth')).toBe('eve:abc');
    expect(stdout).toBe('Authentication Token is:\neve:abc\n');
  });
});

describe('the name of the tool', () => {
  it.each([
    [['/usr/bin/onevm', '--version'], 0],
    [['/usr/lib/one/onedock/one.js', 'onevm', '--version'], 0],
    [['/usr/bin/oneflow', 'list'], 255],
    [['one', 'nonsense'], 255],
    [['one'], 255],
  ])('is found in %j', async (argv, expected) => {
    const { exitCode, stdout, stderr } = await runOne(argv, { endpoint: '' });
    expect(exitCode).toBe(expected);
    expect(expected === 0 ? stdout : stderr).not.toBe('');
  });
});

describe('a front-end that cannot be reached', () => {
  it('is named, with what to do', async () => {
    const { stderr, exitCode } = await runOne(['onevm', 'list'], { endpoint: 'http://127.0.0.1:1/RPC2' });
    expect(stderr).toContain('OpenNebula could not be reached at http://127.0.0.1:1/RPC2. [ENDPOINT_UNREACHABLE]\n');
    expect(exitCode).toBe(255);
  });
});
