import { describe, expect, it } from 'vitest';
import { digitsOf6, printReply, readQuestion } from '../../../src/names/dns-message.ts';

/** As a resolver sends it: number 0x1234, recursion desired, one question. */
const header = (flags = 0x0100, questions = 1) =>
  Buffer.from([0x12, 0x34, flags >> 8, flags & 255, 0, questions, 0, 0, 0, 0, 0, 0]);
const name = (...labels: string[]) =>
  Buffer.concat([...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.of(0)]);
const kind = (type: number, of = 1) => Buffer.from([0, type, 0, of]);
const question = (type: number, ...labels: string[]) => Buffer.concat([header(), name(...labels), kind(type)]);

describe('readQuestion', () => {
  it('reads the name in small letters, and the type', () => {
    const message = question(28, 'Web', 'LAB');
    expect(readQuestion(message)).toEqual({ name: 'web.lab', type: 'AAAA', end: message.length });
    expect(readQuestion(Buffer.concat([question(1, 'a'), Buffer.of(0, 0, 41)]))?.type).toBe('A');
    expect(readQuestion(question(15, 'a'))).toMatchObject({ name: 'a', type: undefined });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half a header', header().subarray(0, 7)],
    ['an answer', Buffer.concat([header(0x8180), name('a'), kind(1)])],
    ['another operation', Buffer.concat([header(0x2900), name('a'), kind(1)])],
    ['no question', header(0x0100, 0)],
    ['two questions', Buffer.concat([header(0x0100, 2), name('a'), kind(1), name('b'), kind(1)])],
    ['a pointer', Buffer.concat([header(), Buffer.of(0xc0, 12), kind(1)])],
    ['a label that is cut off', Buffer.concat([header(), Buffer.of(9, 97, 98)])],
    ['a name without an end', Buffer.concat([header(), Buffer.of(1, 97)])],
    ['no type', Buffer.concat([header(), name('a')])],
    ['another class', Buffer.concat([header(), name('a'), kind(1, 3)])],
  ])('refuses %s', (_, message) => {
    expect(readQuestion(message)).toBeUndefined();
  });
});

describe('printReply', () => {
  it('answers the question with its records', () => {
    const asked = question(1, 'web', 'lab');
    const reply = printReply(asked, readQuestion(asked), { code: 'OK', records: ['10.9.0.5'] });
    expect(reply.subarray(0, 12).toString('hex')).toBe('123485800001000100000000');
    expect(reply.subarray(12, asked.length)).toEqual(asked.subarray(12));
    expect(reply.subarray(asked.length).toString('hex')).toBe(`c00c00010001000000050004${'0a090005'}`);
  });

  it('fits into a message without extensions, however many there are', () => {
    const longest = question(28, ...Array.from({ length: 4 }, () => 'x'.repeat(62)));
    const addresses = Array.from({ length: 50 }, () => '2001:db8::5');
    const reply = printReply(longest, readQuestion(longest), { code: 'OK', records: addresses });
    expect(reply.length).toBeLessThanOrEqual(512);
    expect(reply.readUInt16BE(6)).toBeGreaterThan(1);
    const reverse = question(12, '5', '0', '9', '10', 'in-addr', 'arpa');
    const names = Array.from({ length: 50 }, () => `${'y'.repeat(63)}.lab`);
    expect(printReply(reverse, readQuestion(reverse), { code: 'OK', records: names }).length).toBeLessThanOrEqual(512);
  });

  it('says that there is no such name, and that it could not read a question', () => {
    const asked = question(1, 'x');
    expect(printReply(asked, readQuestion(asked), { code: 'NO_SUCH_NAME' }).readUInt16BE(2) & 15).toBe(3);
    const unread = printReply(header(), undefined, { code: 'FORMAT_ERROR' });
    expect(unread.toString('hex')).toBe('123485810000000000000000');
  });
});

it.each([
  ['2001:db8::5', '20010db8000000000000000000000005'],
  ['::1', '00000000000000000000000000000001'],
  ['fd00::', 'fd000000000000000000000000000000'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
])('%s has all its digits', (address, digits) => {
  expect(digitsOf6(address)).toBe(digits);
});
