/**
 * Runs a project of this folder through Pulumi's Automation API: with a back-end of local files and the engine that
 * `engine/` finds, so that neither an account nor the official CLI is needed.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { automation } from '@pulumi/pulumi';
import { LocalWorkspace } from '@pulumi/pulumi/automation/index.js';
import type { EngineProgress } from '../engine/build-engine.ts';
import { findEngine } from '../engine/engine.ts';
import { providerVersion } from '../provider/version.ts';
import type { Project } from './projects.ts';

export interface StackOptions {
  readonly project: Project;
  /** Name of the stack, `dev` by convention. */
  readonly stack: string;
  /** Configuration, as `pulumi config set` would make it; kept with the stack. */
  readonly config?: Readonly<Record<string, automation.ConfigValue>>;
  /** Where state is kept; the user's data folder unless given. */
  readonly stateFolder?: string;
  /** What the plugin and the program find in their environment besides. */
  readonly env?: Readonly<Record<string, string>>;
  readonly progress?: EngineProgress | undefined;
}

/** The stack, made if it is not there yet. */
export async function openStack(options: StackOptions): Promise<automation.Stack> {
  const { project, stack, config = {}, stateFolder = defaultStateFolder(), env = {}, progress } = options;
  const [pulumiCommand, { default: program }] = await Promise.all([findEngine(progress), project.load()]);
  const [state, workDir] = [join(stateFolder, 'state'), join(stateFolder, 'projects', project.name)];
  for (const folder of [state, workDir]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const opened = await LocalWorkspace.createOrSelectStack(
    { projectName: projectName(project), stackName: stack, program },
    {
      pulumiCommand,
      workDir,
      pulumiHome: await homeWithPlugin(stateFolder),
      projectSettings: { name: projectName(project), runtime: 'nodejs', backend: { url: `file://${state}` } },
      envVars: {
        ...env,
        PULUMI_CONFIG_PASSPHRASE: await passphrase(stateFolder),
        PULUMI_SKIP_UPDATE_CHECK: 'true',
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      },
    },
  );
  if (Object.keys(config).length > 0) await opened.setAllConfig({ ...config });
  return opened;
}

/** As in the project's Pulumi.yaml. */
function projectName({ name }: Project): string {
  return `onedock-${name}`;
}

function defaultStateFolder(): string {
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'onedock', 'stacks');
}

/** A home of Pulumi's in which this repository's plugin is the one that is installed, whatever PATH holds. */
async function homeWithPlugin(stateFolder: string): Promise<string> {
  const home = join(stateFolder, 'home');
  const folder = join(home, 'plugins', `resource-onedock-v${await providerVersion()}`);
  const link = join(folder, 'pulumi-resource-onedock');
  await mkdir(folder, { recursive: true });
  await rm(link, { force: true });
  await symlink(fileURLToPath(new URL('../../bin/pulumi-resource-onedock', import.meta.url)), link);
  return home;
}

/** Encrypts secrets in the state; made once, readable by the user alone. */
async function passphrase(stateFolder: string): Promise<string> {
  const file = join(stateFolder, 'passphrase');
  try {
    await writeFile(file, randomBytes(24).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch {
    await chmod(file, 0o600);
  }
  return readFile(file, 'utf8');
}
