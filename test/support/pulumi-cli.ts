/**
 * Pulumi's own CLI in the folder of a project of `stacks/`, as a user calls it. The official language host runs the
 * program where it is installed, and its stand-in elsewhere.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { findEngine } from '../../stacks/engine/engine.ts';

const ROOT = join(import.meta.dirname, '../..');
const LANGUAGE_HOST = 'pulumi-language-nodejs';
const STAND_IN = join(import.meta.dirname, 'language-host');
const SAME_EVERYWHERE = {
  PULUMI_CONFIG_PASSPHRASE: 'a passphrase of the test',
  PULUMI_SKIP_UPDATE_CHECK: 'true',
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
  NO_COLOR: '1',
};

export class PulumiCli implements AsyncDisposable {
  readonly #folder: string;
  readonly #project: string;
  readonly #stack: string;
  readonly #program: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, project: string, program: string, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#project = join(ROOT, 'stacks', project);
    // Settings lie beside the program under the name of the stack, which is no other test's.
    this.#stack = `t${folder.slice(-6).toLowerCase()}`;
    this.#program = program;
    this.#env = env;
  }

  /** A project with a stack that is empty. @param env  what program and provider find in their environment besides */
  static async create(project: string, env: Readonly<Record<string, string>> = {}): Promise<PulumiCli> {
    const folder = await mkdtemp(join(tmpdir(), 'onedock-pulumi-'));
    const [home, state] = [join(folder, 'home'), join(folder, 'state')];
    for (const each of [home, state]) await mkdir(each);
    const { command } = await findEngine();
    const own = { ...env, ...SAME_EVERYWHERE, PULUMI_HOME: home, PULUMI_BACKEND_URL: `file://${state}` };
    const cli = new PulumiCli(folder, project, command, { ...own, PATH: searchPath() });
    await cli.ok('stack', 'init', cli.#stack);
    return cli;
  }

  /** Starts `pulumi` with these words; the process is the program itself, so that a test can interrupt it. */
  start(...words: string[]) {
    const options = { cwd: this.#project, env: this.#env, reject: false, all: true, stdin: 'ignore' } as const;
    return execa(this.#program, ['--non-interactive', ...words], options);
  }

  /** The same, which must succeed. @returns what it printed */
  async ok(...words: string[]): Promise<string> {
    const { all, exitCode, stdout } = await this.start(...words);
    if (exitCode !== 0) throw new Error(`pulumi ${words.join(' ')} ended with ${exitCode}:\n${all}`);
    return stdout;
  }

  /** Settings of the stack; a part of a mapping is named by its path, as `machines.frontend`. */
  async configure(
    settings: Readonly<Record<string, string | number>>,
    secrets: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const options = (name: string, values: object) =>
      Object.entries(values).flatMap(([key, value]) => [name, `${key}=${value}`]);
    await this.ok('config', 'set-all', '--path', ...options('--plaintext', settings), ...options('--secret', secrets));
  }

  /** Whether a CLI works on the stack, or was killed while it did. */
  async isLocked(): Promise<boolean> {
    const entries = await readdir(join(this.#folder, 'state'), { recursive: true }).catch((): string[] => []);
    return entries.some((path) => path.includes(`locks/`) && path.endsWith('.json'));
  }

  /** Processes with the stack's environment: the CLI, its plugins and the program. */
  async processes(): Promise<number[]> {
    const own = `PULUMI_HOME=${join(this.#folder, 'home')}`;
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const environments = pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')]);
    const found = await Promise.all(environments);
    return found.filter(([, text = '']) => text.split('\0').includes(own)).map(([pid]) => Number(pid));
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.ok('stack', 'output', '--json'));
  }

  /** Does not destroy what the stack has made. */
  async [Symbol.asyncDispose]() {
    await rm(join(this.#project, `Pulumi.${this.#stack}.yaml`), { force: true });
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** As the documentation has it: the provider and the Node that runs .ts files come first. */
function searchPath(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isInstalled = folders.some((folder) => existsSync(join(folder, LANGUAGE_HOST)));
  const own = [join(ROOT, 'bin'), join(ROOT, 'node_modules/.bin')];
  return [...own, ...folders, ...(isInstalled ? [] : [STAND_IN])].join(delimiter);
}
