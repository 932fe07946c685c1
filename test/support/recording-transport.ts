import { fail } from '../../src/transport/errors.ts';
import { shellLine } from '../../src/transport/shell-line.ts';
import type { RunOptions, RunResult, Transport } from '../../src/transport/transport.ts';

export interface RecordedRun {
  readonly argv: readonly string[];
  readonly stdin: string;
}

/** What a command prints: text, or text and exit code. */
export type Answer = string | { readonly stdout?: string; readonly stderr?: string; readonly exitCode: number };

/** A place where nothing runs: commands are written down, and answered by the first answer whose beginning matches. */
export class RecordingTransport implements Transport {
  readonly name = 'a recording';
  readonly runs: RecordedRun[] = [];
  readonly #answers: readonly (readonly [string, Answer])[];

  /** @param answers  beginnings of lines, as `shellLine` writes them; what none matches succeeds with no output */
  constructor(answers: Readonly<Record<string, Answer>> = {}) {
    this.#answers = Object.entries(answers);
  }

  get lines(): string[] {
    return this.runs.map(({ argv }) => shellLine(argv));
  }

  async run(argv: readonly string[], { stdin = '', acceptExitCodes = [0] }: RunOptions = {}): Promise<RunResult> {
    this.runs.push({ argv, stdin: stdin.toString() });
    const line = shellLine(argv);
    const [, answer = ''] = this.#answers.find(([beginning]) => line.startsWith(beginning)) ?? [];
    const {
      stdout = '',
      stderr = '',
      exitCode,
    } = typeof answer === 'string' ? { stdout: answer, exitCode: 0 } : answer;
    if (exitCode !== 0 && !acceptExitCodes.includes(exitCode))
      throw fail('COMMAND_FAILED', { place: this.name, line, exitCode, output: stderr });
    return { stdout, stderr, exitCode };
  }

  async put(localPath: string, remotePath: string): Promise<void> {
    this.runs.push({ argv: ['put', localPath, remotePath], stdin: '' });
  }

  async [Symbol.asyncDispose]() {}
}
