/** The examples of docs/how-to/use-the-front-end-as-a-test-fixture.md, each run as it stands there. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ensurePythonEnvironment } from '../support/python-environment.ts';
import { REPOSITORY, readSource } from '../support/source-files.ts';

const PAGE = 'docs/how-to/use-the-front-end-as-a-test-fixture.md';
/** Files of the page by name, which stands in the first line of each. */
const files = new Map(
  [...readSource(PAGE).matchAll(/^```(?:ts|python|go|ruby|yaml)\n(?:\/\/|#) (\S+)\n(.*?)^```/gms)].map(
    ([, name = '', text = '']) => [name, text],
  ),
);

let project: string;
let python: string;

/** What is fetched, or compiled with all of Go's libraries, the first time. */
const MAKING_MS = 900_000;

/** A project as the page supposes it. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'onedock-fixtures-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(REPOSITORY, join(project, 'onedock'));
  await symlink(REPOSITORY, join(project, 'node_modules/onedock'));
  await symlink(join(REPOSITORY, 'node_modules/vitest'), join(project, 'node_modules/vitest'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }\n');
  await writeFile(join(project, 'go.mod'), 'module client\n\ngo 1.21\n');
  for (const [name, text] of files) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await writeFile(join(project, name), text);
  }
  python = join(await ensurePythonEnvironment('pytest'), 'bin/python');
}, MAKING_MS);

afterAll(() => rm(project, { recursive: true }));

const run = promisify(execFile);
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
const inProject = (program: string, ...args: string[]) => run(program, args, { cwd: project, env });
const has = (program: string) =>
  run('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );

describe('the front-end as a fixture', () => {
  it('of Vitest', async () => {
    const vitest = join(REPOSITORY, 'node_modules/vitest/vitest.mjs');
    const { stdout } = await inProject(process.execPath, vitest, 'run', '--exclude', 'onedock/**');
    expect(stdout).toMatch(/Tests.*1 passed/);
  });

  it('of pytest', async () => {
    const { stdout } = await inProject(python, '-m', 'pytest', '-q', '-p', 'no:cacheprovider');
    expect(stdout).toContain('1 passed');
  });

  it(
    'of Go',
    async ({ skip }) => {
      if (!(await has('go'))) skip('There is no Go on this machine.');
      const { stdout } = await inProject('go', 'test', '-count=1', '.');
      expect(stdout).toMatch(/^ok\s+client/);
    },
    MAKING_MS,
  );

  it('of Ruby', async ({ skip }) => {
    if (!(await has('ruby'))) skip('There is no Ruby on this machine.');
    expect((await inProject('ruby', 'frontend.rb')).stdout).toBe('ready\n');
  });

  it('in a job of GitHub Actions', async () => {
    const { jobs } = parse(files.get('.github/workflows/test.yml') ?? '') as GitHubWorkflow;
    const [start, test] = ['Start the front-end', 'Test'].map((name) =>
      jobs.test.steps.find((step) => step.name === name),
    );
    const variables = join(project, 'github-env');
    await writeFile(variables, '');
    const script = [start?.run, `set -a; . ${variables}; set +a`, test?.run].join('\n');
    expect(await job(script, { GITHUB_ENV: variables })).toBe('ok\n');
  });

  it('in a job of GitLab', async () => {
    const { test } = parse(files.get('.gitlab-ci.yml') ?? '') as GitLabPipeline;
    const lines = [...test.before_script.filter((line) => !line.startsWith('git clone')), ...test.script];
    expect(await job(lines.join('\n'))).toBe('ok\n');
  });
});

interface GitHubWorkflow {
  readonly jobs: { readonly test: { readonly steps: readonly { readonly name?: string; readonly run?: string }[] } };
}

interface GitLabPipeline {
  readonly test: { readonly before_script: readonly string[]; readonly script: readonly string[] };
}

/** Runs the lines of a job, on any free port; what they have put in the background ends with the job. */
async function job(script: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const lines = script.replaceAll('--port 2633', '--port 0');
  const ending = "trap 'kill $!; wait $!' EXIT";
  const { stdout } = await run('bash', ['-ec', `${ending}\n${lines}`], { cwd: project, env: { ...env, ...variables } });
  expect(await readFile(join(project, 'frontend.log'), 'utf8')).toBe('');
  return stdout;
}
