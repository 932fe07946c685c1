/** Stacks as tests use them: the real engine, with state in a temporary folder. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { automation } from '@pulumi/pulumi';
import { describe } from 'vitest';
import { findEngine } from '../../stacks/engine/engine.ts';
import { PROJECTS, type Project } from '../../stacks/runner/projects.ts';
import { openStack } from '../../stacks/runner/stack.ts';
import { type Answer, VERBS, type Verb } from '../../stacks/runner/verbs.ts';

/** Less than a test has. */
const PATIENCE_MS = 480_000;

/**
 * A suite that needs Pulumi's engine, which is built once where there is Go; where none can be had, its title says why it is
 * skipped.
 * @param lack  what else the suite lacks here
 */
export async function describeStacks(title: string, tests: () => void, lack?: string): Promise<void> {
  const reason = lack ?? (await noEngine());
  describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, tests);
}

async function noEngine(): Promise<string | undefined> {
  return findEngine((line) => process.stderr.write(`${line}\n`)).then(
    () => undefined,
    (error: Error & { why?: string }) => `${error.message} ${error.why ?? ''}`,
  );
}

export class TestStack implements AsyncDisposable {
  readonly #project: Project;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(project: Project, folder: string, env: Readonly<Record<string, string>>) {
    this.#project = project;
    this.#folder = folder;
    this.#env = env;
  }

  /** @param env  what program and plugin find in their environment */
  static async create(project: Project | string, env: Readonly<Record<string, string>> = {}): Promise<TestStack> {
    const found = typeof project === 'string' ? PROJECTS.get(project) : project;
    if (!found) throw new Error(`There is no project ${String(project)}.`);
    return new TestStack(found, await mkdtemp(join(tmpdir(), 'onedock-stacks-')), env);
  }

  /** @throws with all that the engine said, also when it does not come to an end */
  async run(verb: Verb, config: Record<string, string> = {}, signal?: AbortSignal): Promise<Answer> {
    const said: string[] = [];
    const following = {
      onOutput: (text: string) => said.push(text),
      color: 'never' as const,
      signal: signal ?? AbortSignal.timeout(PATIENCE_MS),
    };
    try {
      return await VERBS[verb](await this.open(config), following);
    } catch (error) {
      throw new Error(`The stack's ${verb} failed. Its engine said:\n${said.join('')}`, { cause: error });
    }
  }

  /** Settings whose name ends in `password` are secrets. */
  open(config: Record<string, string> = {}): Promise<automation.Stack> {
    const values = Object.entries(config).map(([key, value]) => [key, { value, secret: key.endsWith('password') }]);
    return openStack({
      project: this.#project,
      stack: 'test',
      config: Object.fromEntries(values),
      stateFolder: this.#folder,
      env: this.#env,
    });
  }

  /** All that is kept of the stack: its state, the states before it, and its settings. */
  async storedText(): Promise<string> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name !== 'passphrase');
    return (await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')))).join(
      '\n',
    );
  }

  /** Does not destroy what the stack has made. */
  async [Symbol.asyncDispose]() {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
