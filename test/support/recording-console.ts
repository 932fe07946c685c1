/** A console that records what a verb writes and starts; nobody is there to answer. */
import type { Console } from '../../src/cli/sandbox/console.ts';

export class RecordingConsole implements Console {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory = '/';
  readonly isRoot: boolean;
  readonly isTerminal: boolean;
  readonly signal = new AbortController().signal;
  stdout = '';
  stderr = '';
  /** Command lines that were run in the foreground. */
  readonly started: string[] = [];
  /** What those commands end with. */
  exitCode = 0;
  agrees: boolean | undefined;

  constructor({
    env = {},
    isRoot = true,
    isTerminal = false,
  }: Partial<Pick<Console, 'env' | 'isRoot' | 'isTerminal'>> = {}) {
    this.env = env;
    this.isRoot = isRoot;
    this.isTerminal = isTerminal;
  }

  readonly out = (text: string): void => {
    this.stdout += text;
  };

  readonly err = (text: string): void => {
    this.stderr += text;
  };

  async confirm(): Promise<boolean | undefined> {
    return this.agrees;
  }

  async foreground(argv: readonly string[]): Promise<number> {
    this.started.push(argv.join(' '));
    return this.exitCode;
  }
}
