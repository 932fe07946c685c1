/** What may be the name of an object (src/pool/PoolObjectSQL.cc name_is_valid, 7.4). */
const INVALID_CHARACTERS = '&|:\\";/\'#{}$<>\t\n\v\f\r';
const MAX_LENGTH = 128;

/** Characters that names of some kinds may not have besides. */
export const USER_NAME_CHARACTERS = ' :\t\n\v\f\r';
export const GROUP_NAME_CHARACTERS = ' ';

/** What is wrong with a name, in oned's words; undefined when nothing is. */
export function nameProblem(name: string, alsoInvalid = ''): string | undefined {
  if (name === '') return 'Invalid NAME, it cannot be empty';
  const invalid = [...name].find((character) => `${INVALID_CHARACTERS}${alsoInvalid}`.includes(character));
  if (invalid !== undefined) return `Invalid NAME, char '${invalid}' is not allowed`;
  if (Buffer.byteLength(name) > MAX_LENGTH) return `Invalid NAME, max length is ${MAX_LENGTH} chars`;
  return undefined;
}
