/** What can be said of whatever was thrown: a `catch` gets any value, also one that is no error. */

/** What it says, without where it came from. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The same with the stack, as logs have it. */
export function traceOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

/** Its code: `ENOENT` of Node, `CALL_FAULT` of a catalogue. */
export function codeOf(thrown: unknown): string | undefined {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Why: what its cause says, where it has one. `fetch` itself says no more than that it failed. */
export function reasonOf(thrown: unknown): string {
  return messageOf(thrown instanceof Error ? (thrown.cause ?? thrown) : thrown);
}
