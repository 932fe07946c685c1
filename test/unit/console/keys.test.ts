import { describe, expect, it } from 'vitest';
import { Keyboard } from '../../../src/console/keys.ts';

const SHIFT = 0xffe1;
const CONTROL = 0xffe3;
const ALT = 0xffe9;

/** What one key sends while others are held. */
function sent(keysym: number, held: readonly number[] = [], cursorKeysOfApplication = false) {
  const keyboard = new Keyboard();
  for (const each of held) expect(keyboard.press(each, true, false)).toBeUndefined();
  const effect = keyboard.press(keysym, true, cursorKeysOfApplication);
  expect(keyboard.press(keysym, false, cursorKeysOfApplication)).toBeUndefined();
  return effect && ('send' in effect ? effect.send : effect);
}

describe('Keyboard', () => {
  it.each([
    ['a letter', 0x61, [], 'a'],
    ['a letter of Latin-1', 0xe9, [], 'é'],
    ['a character beyond it', 0x010020ac, [], '€'],
    ['one outside of the first plane', 0x0101f600, [], '😀'],
    ['Return', 0xff0d, [], '\r'],
    ['BackSpace', 0xff08, [], '\u007f'],
    ['Shift+Tab', 0xff09, [SHIFT], '\u001b[Z'],
    ['Control+C', 0x63, [CONTROL], '\u0003'],
    ['Control+Space', 0x20, [CONTROL], '\u0000'],
    ['Control+[', 0x5b, [CONTROL], '\u001b'],
    ['Alt+x', 0x78, [ALT], '\u001bx'],
    ['Up', 0xff52, [], '\u001b[A'],
    ['Control+Right', 0xff53, [CONTROL], '\u001b[1;5C'],
    ['Shift+Alt+End', 0xff57, [SHIFT, ALT], '\u001b[1;4F'],
    ['Page down', 0xff56, [], '\u001b[6~'],
    ['F1', 0xffbe, [], '\u001bOP'],
    ['Shift+F5', 0xffc2, [SHIFT], '\u001b[15;2~'],
    ['Delete', 0xffff, [], '\u001b[3~'],
    ['5 of the keypad', 0xffb5, [], '5'],
    ['Caps Lock', 0xffe5, [], undefined],
  ] as const)('sends for %s what terminals do', (_, keysym, held, text) => {
    expect(sent(keysym, held)).toBe(text);
  });

  it('sends other cursor keys to programs that have asked for them', () => {
    expect(sent(0xff52, [], true)).toBe('\u001bOA');
  });

  it('scrolls by Shift and page keys', () => {
    expect(sent(0xff55, [SHIFT])).toEqual({ scrollPages: -1 });
  });
});
