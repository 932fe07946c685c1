import { describe, expect, it } from 'vitest';
import { flag, list, optionalText, text } from '../../../src/cli/one/option.ts';
import { parseArguments, splitCommand } from '../../../src/cli/one/parse-arguments.ts';

const XML = flag({ name: 'xml', short: '-x', long: '--xml', help: '' });
const HARD = flag({ name: 'hard', long: '--hard', help: '' });
const DATASTORE = text({ name: 'datastore', short: '-d', long: '--datastore', argument: 'id|name', help: '' });
const DATE = text({ name: 'date', long: '--date', argument: 'date', help: '' });
const DISK_TYPE = text({ name: 'disk_type', long: '--disk_type', argument: 'type', help: '' });
const DISK = list({ name: 'disk', long: '--disk', argument: 'a,b', help: '' });
const SSH = optionalText({ name: 'ssh', long: '--ssh', argument: '[file]', help: '' });
const KNOWN = [XML, HARD, DATASTORE, DATE, DISK_TYPE, DISK, SSH];

function parse(...argv: string[]) {
  const { args, options } = parseArguments(argv, KNOWN);
  return { args, options: Object.fromEntries([...options].map(([{ name }, { argument }]) => [name, argument])) };
}

describe('options', () => {
  it.each([
    ['behind the arguments', ['7', '-x'], { xml: undefined }],
    ['in front of them', ['-x', '7'], { xml: undefined }],
    ['with their value in the next word', ['7', '-d', 'default'], { datastore: 'default' }],
    ['with their value in the same word', ['7', '-ddefault'], { datastore: 'default' }],
    ['behind an equal sign', ['--datastore=default', '7'], { datastore: 'default' }],
    ['with an empty value', ['--datastore=', '7'], { datastore: '' }],
    ['with a value that looks like an option', ['--datastore', '-x', '7'], { datastore: '-x' }],
    ['shortened as far as they stay unique', ['--datas', 'default', '7'], { datastore: 'default' }],
    ['switches in one word', ['-xd', 'default', '7'], { xml: undefined, datastore: 'default' }],
    ['with blanks written either way', ['--disk-type', 'FILE', '7'], { disk_type: 'FILE' }],
    ['where one name begins another', ['--disk', 'a,b', '7'], { disk: 'a,b' }],
    ['repeated, the last counts', ['-d', 'a', '7', '-d', 'b'], { datastore: 'b' }],
    ['with an optional value', ['7', '--ssh', 'key.pub'], { ssh: 'key.pub' }],
    ['without the optional value', ['7', '--ssh', '-x'], { ssh: undefined, xml: undefined }],
  ])('are found %s', (_title, argv, options) => {
    expect(parse(...argv)).toEqual({ args: ['7'], options });
  });

  it.each([
    [['-d', 'default'], '-d default'],
    [['--datas', 'default'], '--datas default'],
    [['--datastore=default'], '--datastore=default'],
    [['-ddefault'], '-ddefault'],
    [['-x'], '-x'],
  ])('keep how they were written: %j', (argv, spelling) => {
    expect([...parseArguments(argv, KNOWN).options.values()].map((typed) => typed.spelling)).toEqual([spelling]);
  });

  it('end behind two dashes', () => {
    expect(parse('-x', '--', '-d', '--hard')).toEqual({ args: ['-d', '--hard'], options: { xml: undefined } });
  });

  it('leave a single dash to the arguments', () => {
    expect(parse('-')).toEqual({ args: ['-'], options: {} });
  });

  it.each([
    ['an unknown long one', ['--fstype', 'x'], 'invalid option: --fstype'],
    ['an unknown short one', ['-q'], 'invalid option: -q'],
    ['one that could be two', ['--dat', 'x'], 'ambiguous option: --dat'],
    ['a missing value', ['--datastore'], 'missing argument: --datastore'],
    ['a value for a switch', ['--hard=1'], 'needless argument: --hard=1'],
  ])('are refused for %s', (_title, argv, message) => {
    expect(() => parse(...argv)).toThrow(message);
  });
});

describe('the command', () => {
  it.each([
    [['show', '7', '-x'], 'show', ['7', '-x']],
    [['-d', 'default', 'show', '7'], 'show', ['-d', 'default', '7']],
    [['--datastore=default', 'show'], 'show', ['--datastore=default']],
    [['-x', 'show'], 'show', ['-x']],
    [['--help'], undefined, ['--help']],
    [[], undefined, []],
  ])('of %j is %j', (argv, command, rest) => {
    expect(splitCommand(argv, KNOWN)).toEqual(command === undefined ? { rest } : { command, rest });
  });
});
