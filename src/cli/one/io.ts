/** How much standard input matters: `likely-source` when there is nothing else but an editor, or an empty text. */
export type StdinNeed = 'only-source' | 'likely-source' | 'if-any';

/** The process, as far as commands see it. `processIo()` is the real one; tests hand in their own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  /** Epoch seconds. */
  now(): number;
  /** Size of the terminal that standard output is, if it is one. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
  /** Text of a file, undefined when there is no such file. */
  readFile(path: string): string | undefined;
  writeFile(path: string, text: string, mode: number): void;
  removeFile(path: string): boolean;
  /** What was piped in: all of it when it is the only source, else '' unless something is there in time. */
  readStdin(need: StdinNeed): Promise<string>;
  /** Asks on the terminal; what is typed is not shown when `secret`. */
  ask(question: string, options?: { readonly secret?: boolean }): Promise<string>;
  /** Runs a program in the foreground, on this terminal, and returns its exit code. */
  runProgram(argv: readonly string[]): Promise<number>;
  /** A path of its own for a temporary file. */
  temporaryPath(): string;
  /** Times are shown in this zone from here on, as in `Europe/Madrid`. */
  useTimeZone(zone: string): void;
  /** Ends after `seconds`, with false when the user interrupted. */
  pause(seconds: number): Promise<boolean>;
}
