/** The one* commands as a user has them: bundled, each under its own name in the PATH of a shell. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { TOOLS } from '../../src/cli/one/main.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface ShellOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface OneCommands extends AsyncDisposable {
  /** Working directory of the shell. */
  readonly folder: string;
  /** Runs a line in sh, with blanks and line ends as they are printed. */
  sh(line: string, options?: { readonly stdin?: string; readonly env?: Record<string, string> }): Promise<ShellOutcome>;
}

/** `xpath.rb` is there too. */
export async function installOneCommands(at: { endpoint: string; session: string }): Promise<OneCommands> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-commands-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await build({
    entryPoints: [join(ROOT, 'src/cli/one.ts'), join(ROOT, 'src/cli/xpath.ts')],
    outdir: join(folder, 'bundle'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    outExtension: { '.js': '.mjs' },
  });
  const programs = [...Object.keys(TOOLS).map((name) => [name, `one.mjs ${name}`]), ['xpath.rb', 'xpath.mjs']] as const;
  for (const [name, program] of programs) {
    await writeFile(
      join(bin, name as string),
      `#!/bin/sh\nexec '${process.execPath}' ${folder}/bundle/${program} "$@"\n`,
    );
    await chmod(join(bin, name as string), 0o755);
  }
  await writeFile(join(folder, 'one_auth'), `${at.session}\n`, { mode: 0o600 });
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: folder,
    ONE_AUTH: join(folder, 'one_auth'),
    ONE_XMLRPC: at.endpoint,
    TZ: 'UTC',
  };
  return {
    folder,
    async sh(line, { stdin, env: more = {} } = {}) {
      const input = stdin === undefined ? { stdin: 'ignore' as const } : { input: stdin };
      const {
        stdout,
        stderr,
        exitCode = -1,
      } = await execa('sh', ['-c', line], {
        ...input,
        cwd: folder,
        env: { ...env, ...more },
        extendEnv: false,
        reject: false,
        stripFinalNewline: false,
      });
      return { stdout, stderr, exitCode };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
