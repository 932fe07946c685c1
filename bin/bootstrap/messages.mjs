/** What the bootstrap says goes to stderr; stdout belongs to the command that follows. */

/** As in src/cli/sandbox/exit-codes.ts. */
export const EXIT = { FAILURE: 1, PREFLIGHT: 3 };

export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** @returns {never} */
export function stop(exitCode, text) {
  say(text);
  process.exit(exitCode);
}
