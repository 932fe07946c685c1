/**
 * The pages of docs/reference that are made from the source, so that they cannot disagree with it. `npm run docs`
 * writes them; test/unit/docs/pages.test.ts fails when one is stale.
 */
import { renderCommands } from './commands.ts';
import { renderErrors } from './errors.ts';
import { renderLifeCycle } from './life-cycle.ts';
import { renderResources } from './resources.ts';

/** File below docs/reference, and what renders its text below the note. */
const PAGES: Readonly<Record<string, () => Promise<string>>> = {
  'commands.md': renderCommands,
  'errors.md': renderErrors,
  'life-cycle.md': renderLifeCycle,
  'resources.md': renderResources,
};

const NOTE = '<!-- Made from the source by `npm run docs`; edit the source instead. -->';

export const pageNames: readonly string[] = Object.keys(PAGES);

export async function renderPage(name: string): Promise<string> {
  const render = PAGES[name];
  if (render === undefined) throw new RangeError(`${name} is no generated page.`);
  return `${NOTE}\n\n${(await render()).trimEnd()}\n`;
}
