/** Finding and reading `sandbox.yaml`. All problems are reported together, each with file, line and column. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type * as z from 'zod';
import { YamlDocument } from '../yaml/yaml-document.ts';
import { type Configuration, configurationSchema } from './configuration.ts';
import { fail } from './errors.ts';

const FILE_NAME = 'sandbox.yaml';

/** What options and environment say; it goes before the file. */
export interface Overrides {
  readonly name?: string;
  readonly hosts?: number;
  readonly dummyHosts?: number;
  readonly provider?: string;
}

export interface FoundConfiguration {
  readonly configuration: Configuration;
  /** Folder from which relative paths of images count. */
  readonly folder: string;
  /** The file that was read; undefined when there is none. */
  readonly file: string | undefined;
}

/**
 * Reads the named file, or else the nearest `sandbox.yaml` from the working directory up, or else takes the defaults.
 * @throws CONFIGURATION_UNREADABLE, CONFIGURATION_INVALID
 */
export async function loadConfiguration(
  workingDirectory: string,
  { file, overrides = {} }: { readonly file?: string; readonly overrides?: Overrides } = {},
): Promise<FoundConfiguration> {
  const found =
    file === undefined ? await findFile(workingDirectory) : await readNamed(resolve(workingDirectory, file));
  if (found === undefined) {
    return { configuration: parseConfiguration('', FILE_NAME, overrides), folder: workingDirectory, file: undefined };
  }
  const { path, text } = found;
  return { configuration: parseConfiguration(text, path, overrides), folder: dirname(path), file: path };
}

/** @throws CONFIGURATION_INVALID with every problem, each as `file:line:column key: what is wrong` */
export function parseConfiguration(text: string, path: string, overrides: Overrides = {}): Configuration {
  const document = new YamlDocument(text, path);
  if (document.problems.length > 0) throw fail('CONFIGURATION_INVALID', { path, problems: document.problems });
  const given = { ...(document.value as object), ...withoutUndefined(overrides) };
  const parsed = configurationSchema.safeParse(document.isMapping ? given : document.value);
  if (parsed.success) return parsed.data;
  const issues = [...parsed.error.issues, ...contradictionsBehind(parsed.error.issues, given)];
  throw fail('CONFIGURATION_INVALID', { path, problems: issues.flatMap(explain) });

  function explain(issue: z.core.$ZodIssue): string[] {
    if (issue.code !== 'unrecognized_keys') return [document.explain(issue.path, issue.message)];
    return issue.keys.map((key) => document.explain([...issue.path, key], 'is no key that ONEDock knows'));
  }
}

/** Keys that name entries of each other. */
const LINKED_KEYS = ['networks', 'images', 'templates', 'vms'];

/**
 * zod compares keys with each other only when each is right by itself. Here those that are wrong are set aside, unless
 * others refer to them, so that all problems are reported together.
 */
function contradictionsBehind(issues: readonly z.core.$ZodIssue[], given: object): readonly z.core.$ZodIssue[] {
  const isAtTop = (issue: z.core.$ZodIssue) => issue.path.length === 0;
  const wrong = issues.flatMap((issue): readonly PropertyKey[] =>
    issue.code === 'unrecognized_keys' && isAtTop(issue) ? issue.keys : issue.path.slice(0, 1),
  );
  if (wrong.length === 0 || LINKED_KEYS.some((key) => wrong.includes(key))) return [];
  const rest = Object.fromEntries(Object.entries(given).filter(([key]) => !wrong.includes(key)));
  return configurationSchema.safeParse(rest).error?.issues ?? [];
}

interface FoundFile {
  readonly path: string;
  readonly text: string;
}

async function findFile(folder: string): Promise<FoundFile | undefined> {
  const path = join(folder, FILE_NAME);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw fail('CONFIGURATION_UNREADABLE', { path }, cause);
  });
  if (text !== undefined) return { path, text };
  const parent = dirname(folder);
  return parent === folder ? undefined : findFile(parent);
}

async function readNamed(path: string): Promise<FoundFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('CONFIGURATION_UNREADABLE', { path }, cause);
  });
  return { path, text };
}

function withoutUndefined(overrides: Overrides): object {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}
