import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../../src/frontend/xmlrpc/arguments.ts';
import { SYSTEM_METHODS, type SystemContext } from '../../../../src/frontend/xmlrpc/system-methods.ts';
import type { XmlRpcValue } from '../../../../src/opennebula/xmlrpc.ts';

const METHOD = {
  name: 'one.thing.make',
  help: 'Makes a thing.',
  params: { id: { type: 'int' }, text: { type: 'string' }, hold: { type: 'boolean', fallback: false } },
} as const;

describe('arguments of a call', () => {
  const read = (...given: XmlRpcValue[]) => readArguments(METHOD, ['session', ...given]).args;

  it('are read by name; surplus ones are passed over', () => {
    expect(read(1, 'a', true, 'more')).toEqual({ id: 1, text: 'a', hold: true });
    expect(read(1, 'a')).toEqual({ id: 1, text: 'a', hold: false });
  });

  const INTEGER = 'Parameter that is supposed to be integer is not';
  const STRING = 'Parameter that is supposed to be a string is not';
  const BOOLEAN = 'Parameter that is supposed to be boolean is not';

  it.each([
    ['make', ['x', 5], INTEGER],
    ['make', ['x'], INTEGER],
    ['make', [1], 'Not enough parameters'],
    ['make', [1, 5, 'x'], BOOLEAN],
    ['make', [1, 'x', 1], BOOLEAN],
    ['make', [true, 'x'], INTEGER],
    ['make', [1, 5], STRING],
    ['info', ['x', 5], STRING],
    ['info', ['x'], 'Not enough parameters'],
  ])('of one.thing.%s are refused for what oned reads first: %j', (verb, given, text) => {
    const method = { ...METHOD, name: `one.thing.${verb}` };
    expect(() => readArguments(method, ['session', ...given])).toThrow(text);
  });
});

describe("XML-RPC's own methods", () => {
  const context: SystemContext = {
    methods: new Map([[METHOD.name, METHOD]]),
    call: async (method) => `${method} was called`,
  };
  const ask = async (name: string, ...given: XmlRpcValue[]) => SYSTEM_METHODS[name]?.(given, context);

  it('describe methods, and say of others that they are not there', async () => {
    expect(await ask('system.methodHelp', METHOD.name)).toBe('Makes a thing.');
    expect(await ask('system.methodSignature', METHOD.name)).toEqual([['array', 'string', 'int', 'string', 'boolean']]);
    expect(await ask('system.methodSignature', 'system.multicall')).toBe('undef');
    for (const name of ['system.methodHelp', 'system.methodSignature']) {
      await expect(ask(name, 'one.no.such')).rejects.toMatchObject({
        code: -506,
        message: "Method 'one.no.such' does not exist",
      });
    }
  });

  it('call several methods at once', async () => {
    const calls = [{ methodName: 'one.vm.info', params: [] }, { methodName: 'one.host.info' }];
    expect(await ask('system.multicall', calls)).toEqual([['one.vm.info was called'], ['one.host.info was called']]);
  });

  it.each([
    [[], -503],
    [['x'], -501],
    [[[5]], -501],
    [[[{ x: 1 }]], -502],
    [[[{ methodName: 'system.multicall', params: [[]] }]], -507],
  ])('call nothing where one of them is no call: %j', async (given: XmlRpcValue[], code) => {
    await expect(ask('system.multicall', ...given)).rejects.toMatchObject({ code });
  });
});
