/** Where the commands take templates from: files, standard input, flags, an editor. */
import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../support/one-command.ts';
import type { Answers } from '../../support/stub-frontend.ts';
import { type } from './type.ts';

describe('a template', () => {
  const files = () => new Map([['vm.tmpl', 'NAME=web\n']]);

  it('comes from a file', async () => {
    const { calls, stdout } = await type(
      'onevm create vm.tmpl -m 2 --hold',
      { 'one.vm.allocate': 7 },
      { files: files() },
    );
    expect(calls).toEqual([
      ['one.vm.allocate', 'NAME=web\n', true],
      ['one.vm.allocate', 'NAME=web\n', true],
    ]);
    expect(stdout).toBe('ID: 7\nID: 7\n');
  });

  it('comes from standard input', async () => {
    const { calls } = await type('onevm create', { 'one.vm.allocate': 7 }, { stdin: 'NAME=piped\n' });
    expect(calls).toEqual([['one.vm.allocate', 'NAME=piped\n', false]]);
  });

  it.each([
    ['onevm create --cpu 1 --memory 64'],
    ['onetemplate create --cpu 1 --memory 64'],
    ['onetemplate instantiate 0 --cpu 1 --memory 64'],
  ])('comes from one source only: %s', async (line) => {
    const answers: Answers = { 'one.template.info': '<VMTEMPLATE><TEMPLATE></TEMPLATE></VMTEMPLATE>' };
    expect(await type(line, answers, { stdin: 'NAME=piped\n' })).toMatchObject({
      stderr:
        'You cannot pass template on STDIN and use template creation options, conflicting options: cpu, memory.\n',
      exitCode: 255,
    });
  });

  it('is refused when its file is not there', async () => {
    expect(await type('onevm create nope', {})).toMatchObject({
      stderr: 'command create: argument 0 must be one of file, \n',
      exitCode: 255,
    });
  });

  // The text is what OpenNebula's reference shows for these flags.
  it('comes from flags, and --dry shows it', async () => {
    const line =
      'onevm create --dry --name n1 --arch x86_64 --boot disk0 --cpu 0.5 --vcpu 2 --memory 2g --disk data:size=500:target=vdx --nic private --vnc --ssh --net_context';
    expect((await type(line, {})).stdout).toBe(
      [
        'NAME="n1"',
        'OS = [',
        '  ARCH = "x86_64",',
        '  BOOT = "disk0" ]',
        'CPU=0.5',
        'VCPU=2',
        'MEMORY=2048',
        'DISK=[',
        '  SIZE="500",',
        '  TARGET="vdx",',
        '  IMAGE="data"',
        ']',
        'NIC=[',
        '  NETWORK="private"',
        ']',
        'GRAPHICS=[ TYPE="vnc", LISTEN="0.0.0.0" ]',
        'CONTEXT=[',
        '  SSH_PUBLIC_KEY="$USER[SSH_PUBLIC_KEY]",',
        '  NETWORK="YES"',
        ']',
        '',
      ].join('\n'),
    );
  });

  it('takes images and networks by id, by owner and automatically', async () => {
    const line = 'onevm create --dry --cpu 1 --disk 5,eve[web] --nic 3:mac=02:00:0a:00:00:01,auto --raw A=B';
    expect((await type(line, {})).stdout).toBe(
      [
        'CPU=1.0',
        'A=B',
        'DISK=[',
        '  IMAGE_ID=5',
        ']',
        'DISK=[',
        '  IMAGE_UNAME="eve",',
        '  IMAGE="web"',
        ']',
        'NIC=[',
        '  MAC="02:00:0a:00:00:01",',
        '  NETWORK_ID=3',
        ']',
        'NIC=[',
        '  NETWORK_MODE="auto"',
        ']',
        '',
      ].join('\n'),
    );
  });

  it('puts scripts and keys of files into the context', async () => {
    const script = new Map([
      ['start.sh', '#!/bin/sh\n'],
      ['key.pub', 'ssh-rsa AAA\n'],
    ]);
    const line = 'onevm create --dry --ssh key.pub --startscript start.sh --context A=1,B=2 --report_ready';
    expect((await type(line, {}, { files: script })).stdout).toBe(
      [
        'CONTEXT=[',
        ' A=1,',
        ' B=2,',
        '  SSH_PUBLIC_KEY="ssh-rsa AAA",',
        `  START_SCRIPT_BASE64="${Buffer.from('#!/bin/sh').toString('base64')}",`,
        '  REPORT_READY="YES"',
        ']',
        '',
      ].join('\n'),
    );
  });

  it('of an image comes from flags', async () => {
    const line =
      'oneimage create -d 1 --name data --type datablock --size 2g --fstype ext3 --persistent --prefix vd --description web';
    const { calls } = await type(line, { 'one.image.allocate': 3 });
    expect(calls).toEqual([
      [
        'one.image.allocate',
        'DESCRIPTION="web"\nTYPE="DATABLOCK"\nFS="ext3"\nSIZE="2048"\nNAME="data"\nPERSISTENT=YES\nDEV_PREFIX="vd"\n',
        1,
        false,
      ],
    ]);
  });

  it('of an image may name what is no file', async () => {
    const { stdout } = await type('oneimage create --dry --name web --path docker://nginx:latest', {});
    expect(stdout).toBe('PATH="docker://nginx:latest"\nNAME="web"\n');
  });
});

describe('update', () => {
  const IMAGE =
    '<IMAGE><TEMPLATE><A><![CDATA[1]]></A><V><X><![CDATA[say "hi"]]></X></V><E><![CDATA[]]></E></TEMPLATE></IMAGE>';
  const answers: Answers = { 'one.image.info': IMAGE, 'one.image.update': 3 };

  it('starts the editor with what is there, and sends what it leaves', async () => {
    let shown = '';
    const runProgram: Surroundings['runProgram'] = (argv, files) => {
      const path = argv.at(-1) ?? '';
      expect(argv).toEqual(['/bin/sh', '-c', 'nano -w "$@"', 'nano -w', path]);
      shown = files.get(path) ?? '';
      files.set(path, 'A=2\n');
      return 0;
    };
    const { calls } = await type('oneimage update 3', answers, { runProgram, env: { EDITOR: 'nano -w' } });
    expect(shown).toBe('A="1"\nV=[\n  X="say \\"hi\\"" ]\nE=""');
    expect(calls.at(-1)).toEqual(['one.image.update', 3, 'A=2\n', 0]);
  });

  it('appends what is piped in', async () => {
    const { calls } = await type('oneimage update 3 -a', answers, { stdin: 'A=2\n' });
    expect(calls).toEqual([['one.image.update', 3, 'A=2\n', 1]]);
  });

  it('sends nothing when the editor fails', async () => {
    const { calls, stderr, exitCode } = await type('oneimage update 3', answers, { runProgram: () => 1 });
    expect(calls.map(([method]) => method)).toEqual(['one.image.info']);
    expect({ stderr, exitCode }).toEqual({ stderr: 'Editor not defined\n', exitCode: 255 });
  });
});

describe('onetemplate instantiate', () => {
  const template = (contents = '') => `<VMTEMPLATE><ID>2</ID><TEMPLATE>${contents}</TEMPLATE></VMTEMPLATE>`;

  it('numbers the names of several VMs', async () => {
    const { calls, stdout } = await type('onetemplate instantiate 2 --name web-%i -m 2', {
      'one.template.info': template(),
      'one.template.instantiate': 7,
    });
    expect(calls.slice(1)).toEqual([
      ['one.template.instantiate', 2, 'web-0', false, '', false],
      ['one.template.instantiate', 2, 'web-1', false, '', false],
    ]);
    expect(stdout).toBe('VM ID: 7\nVM ID: 7\n');
  });

  it('keeps the context that flags add to', async () => {
    const { calls } = await type('onetemplate instantiate 2 --report_ready', {
      'one.template.info': template('<CONTEXT><NETWORK><![CDATA[YES]]></NETWORK></CONTEXT>'),
      'one.template.instantiate': 7,
    });
    expect(calls.at(-1)?.[4]).toBe('CONTEXT=[\n  NETWORK="YES",\n  REPORT_READY="YES"\n]');
  });

  it('asks for the inputs that are not given', async () => {
    const inputs =
      '<USER_INPUTS><COUNT><![CDATA[M|number|How many?| |2]]></COUNT><COLOR><![CDATA[O|list|Which?|red,blue|]]></COLOR><NOTE><![CDATA[M|text|Say]]></NOTE></USER_INPUTS>';
    const { calls } = await type(
      'onetemplate instantiate 2 --user-inputs NOTE=hello',
      { 'one.template.info': template(inputs), 'one.template.instantiate': 7 },
      { answers: ['many', '', '1'] },
    );
    expect(calls.at(-1)?.[4]).toBe('NOTE="hello"\nCOUNT = "2"\nCOLOR = "blue"');
  });
});
