/**
 * The pages of docs/reference that are made from the source, so that they cannot disagree with it. `npm run docs`
 * writes them; test/unit/docs/pages.test.ts fails when one is stale.
 */
import { renderApi } from './api.ts';
import { renderCapabilities } from './capabilities.ts';
import { renderCli } from './cli.ts';
import { renderCommands } from './commands.ts';
import { renderContext } from './context.ts';
import { renderDockerAttributes } from './docker-attributes.ts';
import { renderDoctor } from './doctor.ts';
import { renderDriverSettings } from './driver-settings.ts';
import { renderDrivers } from './drivers.ts';
import { renderErrors } from './errors.ts';
import { renderExitCodes } from './exit-codes.ts';
import { renderLifeCycle } from './life-cycle.ts';
import { renderResources } from './resources.ts';
import { renderSandboxSchema, renderSandboxYaml } from './sandbox-yaml.ts';

/** File below docs/reference, and what renders its text below the note. */
const PAGES: Readonly<Record<string, () => Promise<string>>> = {
  'api.md': renderApi,
  'capabilities.md': renderCapabilities,
  'cli.md': renderCli,
  'commands.md': renderCommands,
  'context.md': renderContext,
  'docker-attributes.md': renderDockerAttributes,
  'doctor.md': renderDoctor,
  'driver-settings.md': renderDriverSettings,
  'drivers.md': renderDrivers,
  'errors.md': renderErrors,
  'exit-codes.md': renderExitCodes,
  'life-cycle.md': renderLifeCycle,
  'resources.md': renderResources,
  'sandbox-yaml.md': renderSandboxYaml,
  'sandbox.schema.json': renderSandboxSchema,
};

const NOTE = '<!-- Made from the source by `npm run docs`; edit the source instead. -->';

export const pageNames: readonly string[] = Object.keys(PAGES);

export async function renderPage(name: string): Promise<string> {
  const render = PAGES[name];
  if (render === undefined) throw new RangeError(`${name} is no generated page.`);
  const text = `${(await render()).trimEnd()}\n`;
  return name.endsWith('.md') ? `${NOTE}\n\n${text}` : text;
}
