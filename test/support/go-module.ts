/** Projects of others that are written in Go, from a folder of their source: their programs, and their test suites. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

export interface GoModule extends AsyncDisposable {
  /** Builds the program of a package, as in `.`, and returns its folder. */
  program(name: string, pkg: string): Promise<string>;
  /** Builds the tests of a package, as in `./opennebula`. */
  suite(pkg: string): Promise<GoSuite>;
}

export interface GoSuite {
  /** The names of its tests, as Go lists them. */
  list(): Promise<readonly string[]>;
  /** Runs it and tells how each test ended, also those of a suite of gocheck's; whatever the exit code. */
  run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<readonly Outcome[]>;
}

export interface Outcome {
  /** As in `TestAccHost` or `VMSuite.TestBackup`. */
  readonly name: string;
  readonly passed: boolean;
  /** What was printed before, when it has not passed. */
  readonly said?: string;
}

/** Why a project cannot be built and run; undefined when it can. */
export async function whyNoGoModule(variable: string, programs: readonly string[]): Promise<string | undefined> {
  if (!process.env[variable]) return `${variable} does not name a folder of its source`;
  for (const program of programs) {
    const found = await execa('which', [program], { reject: false });
    if (found.exitCode !== 0) return `there is no ${program}`;
  }
  return undefined;
}

/**
 * @param source where its go.mod is; nothing is written there
 * @param replaced modules that are taken from folders
 */
export async function openGoModule(source: string, replaced: Readonly<Record<string, string>> = {}): Promise<GoModule> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'onedock-go-'));
  made.defer(() => rm(folder, { recursive: true }));
  const modules = join(folder, 'go.mod');
  await copyFile(join(source, 'go.mod'), modules);
  await copyFile(join(source, 'go.sum'), join(folder, 'go.sum'));
  for (const [module, place] of Object.entries(replaced)) {
    await execa('go', ['mod', 'edit', `-replace=${module}=${place}`, modules]);
  }
  const build = (command: readonly string[], file: string, pkg: string) =>
    execa('go', [...command, '-mod=mod', `-modfile=${modules}`, '-o', join(folder, file), pkg], { cwd: source });
  const all = made.move();
  return {
    async program(name, pkg) {
      await build(['build'], name, pkg);
      return folder;
    },
    async suite(pkg) {
      await build(['test', '-c'], 'suite', pkg);
      return suiteOf(join(folder, 'suite'), join(source, pkg));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function suiteOf(program: string, cwd: string): GoSuite {
  return {
    async list() {
      const { stdout } = await execa(program, ['-test.list', '.*'], { cwd });
      return stdout.split('\n').filter((line) => line.startsWith('Test'));
    },
    async run(args, env) {
      const { stdout } = await execa(program, ['-test.v', ...args], { cwd, env, reject: false });
      return outcomes(stdout);
    },
  };
}

/** Lines of Go's (`--- PASS: TestHook (5.35s)`) and of gocheck's (`MISS: vm_test.go:388: VMSuite.TestBackup`). */
const ENDING = /^(?:--- )?(PASS|FAIL|PANIC|MISS|SKIP): (?:\S+:\d+: )?(\S+).*$/gm;

function outcomes(text: string): Outcome[] {
  const endings = [...text.matchAll(ENDING)];
  return endings.map(({ index, 1: word, 2: name = '' }, i) => {
    const passed = word === 'PASS';
    return passed ? { name, passed } : { name, passed, said: text.slice(endings[i - 1]?.index, index) };
  });
}
