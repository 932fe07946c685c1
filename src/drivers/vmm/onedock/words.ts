/**
 * Words of a text as a shell splits them: blanks between them, quotes around them, a backslash before a character; or, if
 * it is a JSON list, its members, as in a Dockerfile. Nothing is filled in or run. Pure.
 * @returns undefined for a quote that is not closed, or a list of something else than texts
 */
export function splitWords(text: string): string[] | undefined {
  if (text.trimStart().startsWith('[')) return membersOf(text);
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (quote !== '' && character === quote) quote = '';
    else if (character === '\\' && quote !== "'" && i + 1 < text.length) word = (word ?? '') + text[++i];
    else if (quote !== '') word += character;
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

function membersOf(text: string): string[] | undefined {
  try {
    const members: unknown = JSON.parse(text);
    return Array.isArray(members) && members.every((member) => typeof member === 'string') ? members : undefined;
  } catch {
    return undefined;
  }
}
