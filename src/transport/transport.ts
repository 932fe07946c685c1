/**
 * A place where commands run: this machine, an LXC machine, a host over SSH, Vagrant's guests among them. A command is a list of
 * arguments; none is glued together for a shell.
 */
export interface Transport extends AsyncDisposable {
  /** As errors show it: `ssh host-1`, `lxc demo-frontend`. */
  readonly name: string;
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Copies a file from this machine; its mode is kept. */
  put(localPath: string, remotePath: string): Promise<void>;
}

export interface RunOptions {
  readonly stdin?: string | Buffer;
  /** Added to the environment of the place. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Every run has a deadline; 60 s unless given. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** An exit code other than 0 throws COMMAND_FAILED unless it is listed here. */
  readonly acceptExitCodes?: readonly number[];
  /** Called with output as it comes, for progress. */
  readonly onOutput?: (chunk: string) => void;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
