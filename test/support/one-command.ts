/** Runs one of the one* commands inside the test, on a process of its own making. */
import type { Io } from '../../src/cli/one/io.ts';
import { main } from '../../src/cli/one/main.ts';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface Surroundings {
  readonly endpoint: string;
  readonly session?: string;
  /** Epoch seconds. */
  readonly now?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Files by path; commands write into it. */
  readonly files?: Map<string, string>;
  readonly terminal?: { readonly columns: number; readonly rows: number };
  /** Stands for programs such as the editor; changes files and returns an exit code. */
  readonly runProgram?: (argv: readonly string[], files: Map<string, string>) => number;
  readonly answers?: readonly string[];
}

export async function runOne(argv: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  const { endpoint, session = 'oneadmin:secret', now = 0, env = {}, stdin = '', terminal } = surroundings;
  const files = surroundings.files ?? new Map<string, string>();
  files.set('/auth', `${session}\n`);
  const answers = [...(surroundings.answers ?? [])];
  const printed = { stdout: '', stderr: '' };
  let temporaryFiles = 0;
  const io: Io = {
    env: { HOME: '/home/user', ONE_AUTH: '/auth', ONE_XMLRPC: endpoint, ...env },
    out: (text) => {
      printed.stdout += text;
    },
    err: (text) => {
      printed.stderr += text;
    },
    now: () => now,
    ...(terminal ? { terminal } : {}),
    readFile: (path) => files.get(path),
    writeFile: (path, text) => void files.set(path, text),
    removeFile: (path) => files.delete(path),
    readStdin: async () => stdin,
    ask: async () => answers.shift() ?? '',
    runProgram: async (program) => surroundings.runProgram?.(program, files) ?? 0,
    temporaryPath: () => `/tmp/${++temporaryFiles}`,
    pause: async () => false,
    useTimeZone: () => {},
  };
  const exitCode = await main(argv, io);
  return { ...printed, exitCode };
}
