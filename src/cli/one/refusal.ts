/** Exit code of every failed command, as Ruby's `exit(-1)` gives it. */
export const FAILURE = 255;

/** A command cannot be carried out. The text goes to standard error as it is; its words are OpenNebula's. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** What an option was given cannot be read; whoever knows how the option was typed says which one it is. */
export class InvalidArgument extends Error {
  override name = 'InvalidArgument';
}
