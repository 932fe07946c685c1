/** Characters that mean themselves in every POSIX shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A list of arguments as one line that a POSIX shell splits into the same list: for messages, and where a protocol has one string. */
export function shellLine(argv: readonly string[]): string {
  return argv.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
