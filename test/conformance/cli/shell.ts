/** A shell in which OpenNebula's commands are typed, and steps of which each stands on those before it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { waitUntil } from '../../../src/opennebula/client/wait.ts';
import { type DummyFrontend, startDummyFrontend } from '../../support/dummy-frontend.ts';
import { installOneCommands, type OneCommands } from '../../support/one-commands.ts';

const PATIENCE_SECONDS = 60;

export interface Shell {
  /** What a line prints when it succeeds. */
  sh(line: string, stdin?: string): Promise<string>;
  /** Standard error of a line that fails as commands do: nothing printed, exit code 255. */
  refusal(line: string, stdin?: string): Promise<string>;
  /** Repeats a line until it prints what is awaited. */
  until(line: string, expected: string): Promise<void>;
  /** Writes a file into the working directory. */
  file(name: string, contents: string): Promise<void>;
  readonly commands: OneCommands;
  readonly frontend: DummyFrontend;
}

/** A front-end with so many dummy hosts and the commands, for all tests of a file; a step behind one that failed is skipped. */
export function useShell({ hosts }: { readonly hosts: number }): Shell {
  let frontend: DummyFrontend;
  let commands: OneCommands;
  let brokenAt: string | undefined;

  beforeAll(async () => {
    frontend = await startDummyFrontend({ hosts });
    commands = await installOneCommands(frontend);
  });

  afterAll(async () => {
    await commands?.[Symbol.asyncDispose]();
    await frontend?.[Symbol.asyncDispose]();
  });

  beforeEach((step) => {
    if (brokenAt !== undefined) step.skip(`'${brokenAt}' failed before`);
  });

  afterEach(({ task }) => {
    if (task.result?.state === 'fail') brokenAt ??= task.name;
  });

  const run = (line: string, stdin?: string) => commands.sh(line, stdin === undefined ? {} : { stdin });

  async function sh(line: string, stdin?: string): Promise<string> {
    const { stdout, stderr, exitCode } = await run(line, stdin);
    expect({ line, stderr, exitCode }).toEqual({ line, stderr: '', exitCode: 0 });
    return stdout;
  }

  return {
    sh,
    async refusal(line, stdin) {
      const { stdout, stderr, exitCode } = await run(line, stdin);
      expect({ line, stdout, exitCode }).toEqual({ line, stdout: '', exitCode: 255 });
      return stderr;
    },
    async until(line, expected) {
      const last = await waitUntil({
        awaited: `'${expected}' from ${line}`,
        look: async () => (await sh(line)).replaceAll('\0', '').trim(),
        done: (printed) => printed === expected,
        describe: (printed) => `'${printed}'`,
        timeoutSeconds: PATIENCE_SECONDS,
      });
      expect(last).toBe(expected);
    },
    file: (name, contents) => writeFile(join(commands.folder, name), contents),
    get commands() {
      return commands;
    },
    get frontend() {
      return frontend;
    },
  };
}
