/**
 * Pulumi's engine, which npm does not bring: looked for on PATH, then in `~/.pulumi`, then downloaded from Pulumi, then
 * built from the Go module proxy where Go is there. The version is pinned to that of the SDK; an engine of another
 * minor version is refused rather than tried.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PulumiCommand } from '@pulumi/pulumi/automation/index.js';
import { engineRoot } from '../../src/sandbox/doctor/stack-engine.ts';
import { fail } from '../errors.ts';
import { buildEngine, type EngineProgress } from './build-engine.ts';
import { ENGINE_VERSION } from './engine-version.ts';

interface Source {
  readonly name: string;
  /** Undefined when there is none; throws when it should have worked. */
  find(progress: EngineProgress): Promise<PulumiCommand | undefined>;
}

const SOURCES: readonly Source[] = [
  { name: 'PATH', find: async () => commandIn(rootOnPath()) },
  { name: '~/.pulumi', find: async () => commandIn(firstRoot(join(homedir(), '.pulumi'))) },
  { name: 'the cache of an earlier build', find: async () => commandIn(firstRoot(engineRoot())) },
  {
    name: 'the official download',
    async find(progress) {
      progress(`downloading Pulumi ${ENGINE_VERSION} from get.pulumi.com`);
      return PulumiCommand.install({ root: engineRoot(), version: ENGINE_VERSION });
    },
  },
  {
    name: 'a build from the Go module proxy',
    async find(progress) {
      await buildEngine(progress);
      return commandIn(engineRoot());
    },
  },
];

/** @throws STACK_ENGINE_MISSING naming every place that was tried and why it did not serve */
export async function findEngine(progress: EngineProgress = () => {}): Promise<PulumiCommand> {
  const tried: string[] = [];
  for (const { name, find } of SOURCES) {
    try {
      const command = await find(progress);
      if (command) return command;
      tried.push(`${name}: none`);
    } catch (error) {
      tried.push(`${name}: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`);
    }
  }
  throw fail('STACK_ENGINE_MISSING', { version: String(ENGINE_VERSION), tried: tried.join('; ') });
}

/** Checks the version, and so that the program runs at all. */
async function commandIn(root: string | undefined): Promise<PulumiCommand | undefined> {
  if (root === undefined) return undefined;
  const command = await PulumiCommand.get({ root, version: ENGINE_VERSION });
  const { version } = command;
  if (version && (version.major !== ENGINE_VERSION.major || version.compare(ENGINE_VERSION) < 0)) {
    throw new Error(`version ${version} is there, ${ENGINE_VERSION} is needed`);
  }
  return command;
}

function rootOnPath(): string | undefined {
  const folder = (process.env.PATH ?? '').split(delimiter).find((dir) => dir && existsSync(join(dir, 'pulumi')));
  // PulumiCommand takes the folder above bin.
  return folder?.endsWith('/bin') ? folder.slice(0, -'/bin'.length) : undefined;
}

function firstRoot(root: string): string | undefined {
  return existsSync(join(root, 'bin', 'pulumi')) ? root : undefined;
}
