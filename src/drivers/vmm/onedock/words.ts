/** Words of a text that a person has written. Nothing is filled in or run. Pure. */

/**
 * As a shell splits them: blanks between them, quotes around them, a backslash before a character.
 * @returns undefined for a quote that is not closed
 */
export function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const next = text[i + 1];
    if (quote !== '' && character === quote) quote = '';
    else if (character === '\\' && next !== undefined && isEscape(quote, next)) {
      word = (word ?? '') + next;
      i++;
    } else if (quote !== '') word += character;
    else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}

/** The same, or, if it is a JSON list, its members, as in a Dockerfile. @returns undefined also for a list of something else than texts */
export function splitWords(text: string): string[] | undefined {
  return text.trimStart().startsWith('[') ? membersOf(text) : shellWords(text);
}

/** Between double quotes a backslash is itself before most characters (POSIX, 2.2.3). */
function isEscape(quote: string, next: string): boolean {
  return quote === '' || (quote === '"' && /["\\$`\n]/.test(next));
}

function membersOf(text: string): string[] | undefined {
  try {
    const members: unknown = JSON.parse(text);
    return Array.isArray(members) && members.every((member) => typeof member === 'string') ? members : undefined;
  } catch {
    return undefined;
  }
}
