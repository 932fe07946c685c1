/**
 * Keys as a keyboard of a terminal sends them (xterm, ctlseqs; keysyms: X.Org, keysymdef.h). Modifiers are keys as well, so
 * that which are held is kept here.
 */

export type KeyEffect = { readonly send: string } | { readonly scrollPages: number };

export class Keyboard {
  readonly #held = new Set<Modifier>();

  /**
   * @param cursorKeysOfApplication  the mode that full-screen programs ask for (DECCKM)
   * @returns undefined for a key that does nothing by itself
   */
  press(keysym: number, down: boolean, cursorKeysOfApplication: boolean): KeyEffect | undefined {
    const modifier = MODIFIERS[keysym];
    if (modifier) {
      if (down) this.#held.add(modifier);
      else this.#held.delete(modifier);
      return undefined;
    }
    if (!down) return undefined;
    const page = PAGES[keysym];
    if (page && this.#held.has('shift')) return { scrollPages: page };
    const text = this.#text(keysym, cursorKeysOfApplication);
    return text === undefined ? undefined : { send: text };
  }

  #text(keysym: number, cursorKeysOfApplication: boolean): string | undefined {
    const alt = this.#held.has('alt') ? ESC : '';
    const single = SINGLE[keysym];
    if (single !== undefined) return this.#held.has('shift') && keysym === TAB ? `${CSI}Z` : `${alt}${single}`;
    const cursor = CURSOR[keysym];
    if (cursor !== undefined) {
      const plain = `${cursorKeysOfApplication ? SS3 : CSI}${cursor}`;
      return this.#modifierNumber() === 1 ? plain : `${CSI}1;${this.#modifierNumber()}${cursor}`;
    }
    const numbered = NUMBERED[keysym];
    if (numbered !== undefined)
      return `${CSI}${numbered}${this.#modifierNumber() === 1 ? '' : `;${this.#modifierNumber()}`}~`;
    const character = characterOf(keysym);
    if (character === undefined) return undefined;
    return `${alt}${this.#held.has('control') ? controlled(character) : character}`;
  }

  #modifierNumber(): number {
    const has = (modifier: Modifier, weight: number) => (this.#held.has(modifier) ? weight : 0);
    return 1 + has('shift', 1) + has('alt', 2) + has('control', 4);
  }
}

type Modifier = 'shift' | 'control' | 'alt';

const ESC = '\u001b';
const CSI = `${ESC}[`;
const SS3 = `${ESC}O`;
const TAB = 0xff09;

const MODIFIERS: Readonly<Record<number, Modifier>> = {
  65505: 'shift',
  65506: 'shift',
  65507: 'control',
  65508: 'control',
  65511: 'alt',
  65513: 'alt',
};

/** Page up and down, of the keypad too. */
const PAGES: Readonly<Record<number, number>> = { 65365: -1, 65366: 1, 65434: -1, 65435: 1 };

/** BackSpace, Tab, Return, Escape, ISO_Left_Tab, KP_Tab, KP_Enter. */
const SINGLE: Readonly<Record<number, string>> = {
  65288: '\u007f',
  65289: '\t',
  65293: '\r',
  65307: ESC,
  65056: `${CSI}Z`,
  65417: '\t',
  65421: '\r',
};

/** Home, Left, Up, Right, Down, End, the same of the keypad; F1 to F4 are of that kind too. */
const CURSOR: Readonly<Record<number, string>> = {
  ...{ 65360: 'H', 65361: 'D', 65362: 'A', 65363: 'C', 65364: 'B', 65367: 'F' },
  ...{ 65429: 'H', 65430: 'D', 65431: 'A', 65432: 'C', 65433: 'B', 65436: 'F' },
};

/** Page up and down, Insert, Delete, the same of the keypad; F5 to F12. */
const NUMBERED: Readonly<Record<number, number>> = {
  ...{ 65365: 5, 65366: 6, 65379: 2, 65535: 3, 65434: 5, 65435: 6, 65438: 2, 65439: 3 },
  ...{ 65474: 15, 65475: 17, 65476: 18, 65477: 19, 65478: 20, 65479: 21, 65480: 23, 65481: 24 },
};

/** F1 to F4 are single shifts whatever the mode. */
const FUNCTION_KEYS: Readonly<Record<number, string>> = { 65470: 'P', 65471: 'Q', 65472: 'R', 65473: 'S' };

function characterOf(keysym: number): string | undefined {
  const functionKey = FUNCTION_KEYS[keysym];
  if (functionKey !== undefined) return `${SS3}${functionKey}`;
  const isLatin1 = (keysym >= 0x20 && keysym <= 0x7e) || (keysym >= 0xa0 && keysym <= 0xff);
  if (isLatin1) return String.fromCodePoint(keysym);
  if (keysym >= 0x01000100 && keysym <= 0x0110ffff) return String.fromCodePoint(keysym - 0x01000000);
  return KEYPAD[keysym];
}

/** KP_Multiply to KP_9. */
const KEYPAD: Readonly<Record<number, string>> = Object.fromEntries(
  Array.from('*+,-./0123456789', (character, i) => [65450 + i, character]),
);

/** As terminals have it since the VT100: the lower five bits, and digits for those that no letter gives. */
function controlled(character: string): string {
  if (/^[@-_a-z]$/.test(character)) return String.fromCharCode(character.charCodeAt(0) & 0x1f);
  return CONTROLLED[character] ?? character;
}

const CONTROLLED: Readonly<Record<string, string>> = {
  ' ': '\u0000',
  2: '\u0000',
  3: ESC,
  4: '\u001c',
  5: '\u001d',
  6: '\u001e',
  7: '\u001f',
  '/': '\u001f',
  8: '\u007f',
  '?': '\u007f',
};
