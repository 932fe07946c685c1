/** Characters that mean themselves in every POSIX shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A list of arguments as one line that a person can paste into a shell. For messages; nothing of ours runs such a line. */
export function shellLine(argv: readonly string[]): string {
  return argv.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
