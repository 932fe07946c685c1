import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/sandbox/commands.ts';
import { parseCommandLine } from '../../../src/cli/sandbox/program.ts';

const OPTIONS = { calledAs: 'onedock', version: '1.2.3', defaultCommand: 'up' };

function parse(line: string) {
  const argv = line === '' ? [] : line.split(' ');
  const request = parseCommandLine(argv, COMMANDS, OPTIONS);
  return 'text' in request ? request.text : { verb: request.command.name, ...request };
}

describe('the command line', () => {
  it.each([
    ['', 'up'],
    ['--hosts 3 --json', 'up'],
    ['-n ci', 'up'],
    ['down --yes', 'down'],
    ['host add', 'host add'],
    ['image load x.tar', 'image load'],
  ])('"%s" means %s', (line, verb) => {
    expect(parse(line)).toMatchObject({ verb });
  });

  it('gives options the types that they are declared with', () => {
    expect(parse('up --hosts 3 --dry-run -n ci')).toMatchObject({
      options: { hosts: 3, dryRun: true, keepOnFailure: false, name: 'ci', json: false, config: undefined },
    });
  });

  it('leaves what follows a machine to the command', () => {
    expect(parse('exec host-1 -- docker ps --all')).toMatchObject({
      arguments: { machine: 'host-1', command: ['docker', 'ps', '--all'] },
    });
    expect(parse('one onevm list --json -x')).toMatchObject({
      arguments: { command: ['onevm', 'list', '--json', '-x'] },
      options: { json: false },
    });
  });

  it.each([
    ['uo', "Unknown command 'uo'. Did you mean up?"],
    ['up --host 3', "Unknown option '--host'."],
    ['up --hosts three', 'It must be a whole number up to 32'],
    ['up --hosts 33', 'It must be a whole number up to 32'],
    ['exec', "Missing required argument 'machine'."],
    ['down now', 'Too many arguments'],
    ['host', '`host` needs a verb of its own.'],
    ['host leave', "Unknown command 'leave'."],
  ])('refuses "%s"', (line, problem) => {
    expect(() => parse(line)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(problem) }),
    );
  });

  it('has help for all, for each verb, and its version', () => {
    expect(parse('--version')).toBe('1.2.3\n');
    for (const { name, summary } of COMMANDS) expect(parse(`${name} --help`)).toContain(summary);
    expect(parse('--help')).toMatch(/Without a verb, `up` is meant[\s\S]*Exit codes:/);
  });

  it('shows examples that it understands itself', () => {
    const lines = COMMANDS.flatMap(({ examples }) => examples.map(({ line }) => line));
    for (const line of lines) expect(parse(line)).toHaveProperty('verb');
  });
});
