import { describe, expect, it } from 'vitest';
import {
  ActionFailure,
  actionContext,
  decodeStdin,
  defineAction,
  failureText,
  unsupported,
} from '../../../../src/drivers/contract/action.ts';
import { catalogue } from '../../../../src/errors/onedock-error.ts';

describe('defineAction', () => {
  const context = actionContext({});

  it("names OpenNebula's positional arguments", async () => {
    const action = defineAction({
      args: ['source', 'destination', 'size?'],
      run: async (args) => JSON.stringify(args),
    });
    expect(await action.run(['a', 'b'], context)).toBe('{"source":"a","destination":"b"}');
    expect(await action.run(['a', 'b', 'c'], context)).toBe('{"source":"a","destination":"b","size":"c"}');
  });

  it('takes the rest of them as a list', async () => {
    const action = defineAction({ args: ['first', '...others'], run: async ({ others }) => others.join('+') });
    expect(await action.run(['a', 'b', 'c'], context)).toBe('b+c');
  });

  it('refuses a missing one before anything runs', async () => {
    const action = defineAction({ args: ['first', 'second'], run: async () => expect.unreachable() });
    await expect(action.run(['a'], context)).rejects.toThrow('Argument 2 (second) is missing.');
  });

  it('prints nothing when there is nothing to say', async () => {
    expect(await defineAction({ args: [], run: async () => {} }).run([], context)).toBe('');
  });
});

describe('unsupported', () => {
  it("refuses in the words of OpenNebula's own drivers, and says why", async () => {
    const action = unsupported('save', 'Containers have no memory image.');
    await expect(action.run([], actionContext({}))).rejects.toThrow(
      'save: Operation not supported. Containers have no memory image.',
    );
  });
});

describe('decodeStdin', () => {
  const xml = '<VM>\n<NAME>ü</NAME></VM>';

  it.each([
    ['raw XML', xml, xml],
    ['base64 on one line', Buffer.from(xml).toString('base64'), xml],
    [
      'base64 that was wrapped',
      `${Buffer.from(xml).toString('base64').slice(0, 8)}\n${Buffer.from(xml).toString('base64').slice(8)}\n`,
      xml,
    ],
    ['nothing', '', ''],
    ['an empty line', '\n', ''],
  ])('reads %s', (_, stdin, expected) => {
    expect(decodeStdin(stdin)).toBe(expected);
  });
});

describe('actionContext', () => {
  it('says that stdin is no document only to who asks for one', () => {
    const context = actionContext({ stdin: 'not a document' });
    expect(() => context.document()).toThrow(ActionFailure);
  });
});

describe('failureText', () => {
  const fail = catalogue({ DISK_FULL: { what: 'The disk is full.', why: 'There is\n  no room.' } });

  it('is one line with what happened and why', () => {
    expect(failureText(fail('DISK_FULL', {}))).toBe('The disk is full. There is no room.');
  });

  it('is the message of any other error', () => {
    expect(failureText(new Error('first\nsecond'))).toBe('first second');
    expect(failureText('text')).toBe('text');
  });
});
