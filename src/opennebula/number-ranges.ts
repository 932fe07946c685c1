/** Lists of numbers and ranges of them, as rules and devices name them: `1,3-5`. */

export type NumberRange = readonly [first: number, last: number];

/** @returns undefined when the text is something else */
export function parseNumberRanges(text: string): NumberRange[] | undefined {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) return undefined;
  return text.split(',').map((part): NumberRange => {
    const [a = 0, b = a] = part.split('-').map(Number);
    return [Math.min(a, b), Math.max(a, b)];
  });
}
