/**
 * Runs a project of this folder through Pulumi's Automation API: with a back-end of local files and the engine that
 * `engine/` finds, so that neither an account nor the official CLI is needed.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { automation } from '@pulumi/pulumi';
import { LocalWorkspace } from '@pulumi/pulumi/automation/index.js';
import { type EngineProgress, findEngine } from '../engine/engine.ts';
import type { Project } from './projects.ts';

export interface StackOptions {
  readonly project: Project;
  /** Name of the stack, `dev` by convention. */
  readonly stack: string;
  /** Configuration, as `pulumi config set` would make it; kept with the stack. */
  readonly config?: Readonly<Record<string, string>>;
  /** Where state is kept; the user's data folder unless given. */
  readonly stateFolder?: string;
  readonly progress?: EngineProgress;
}

/** The stack, made if it is not there yet. */
export async function openStack(options: StackOptions): Promise<automation.Stack> {
  const { project, stack, config = {}, stateFolder = defaultStateFolder(), progress } = options;
  const [pulumiCommand, { default: program }] = await Promise.all([findEngine(progress), project.load()]);
  await mkdir(join(stateFolder, 'state'), { recursive: true, mode: 0o700 });
  const opened = await LocalWorkspace.createOrSelectStack(
    { projectName: `onedock-${project.name}`, stackName: stack, program },
    {
      pulumiCommand,
      pulumiHome: join(stateFolder, 'home'),
      projectSettings: {
        name: `onedock-${project.name}`,
        runtime: 'nodejs',
        backend: { url: `file://${join(stateFolder, 'state')}` },
      },
      envVars: {
        PATH: [await pluginFolder(stateFolder), process.env.PATH ?? ''].join(delimiter),
        PULUMI_CONFIG_PASSPHRASE: await passphrase(stateFolder),
        PULUMI_SKIP_UPDATE_CHECK: 'true',
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      },
    },
  );
  const values = Object.entries(config).map(([key, value]) => [key, { value }] as const);
  await opened.setAllConfig(Object.fromEntries(values));
  return opened;
}

function defaultStateFolder(): string {
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'onedock', 'stacks');
}

/** A folder with the plugin under the name by which Pulumi looks for it on PATH. */
async function pluginFolder(stateFolder: string): Promise<string> {
  const folder = join(stateFolder, 'plugins');
  const link = join(folder, 'pulumi-resource-onedock');
  await mkdir(folder, { recursive: true });
  await unlink(link).catch(() => {});
  await symlink(fileURLToPath(new URL('../../bin/pulumi-resource-onedock', import.meta.url)), link);
  return folder;
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
