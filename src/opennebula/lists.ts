/** Lists as attributes, configurations and answers of programs hold them: in one text, where an empty item is none. */

/** Items between commas, without the blanks around them. */
export function commaList(text = ''): string[] {
  return text.split(',').flatMap((item) => item.trim() || []);
}

/** Items between blanks. */
export function wordList(text = ''): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Items between blanks or commas, as one likes. */
export function looseList(text = ''): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** One item a line, as programs print them. */
export function lineList(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
