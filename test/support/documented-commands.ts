/** The command lines that the documentation shows: what stands in its `sh` blocks, line by line. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, readSource } from './source-files.ts';

export interface DocumentedCommand {
  readonly page: string;
  /** As it is shown, without its comment. */
  readonly line: string;
  readonly words: readonly string[];
}

/** Every page of the documentation, from the repository's root. */
export const pages: readonly string[] = [
  ...readdirSync(REPOSITORY).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

export function documentedCommands(page: string): DocumentedCommand[] {
  const blocks = [...readSource(page).matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(([, text = '']) => text);
  return blocks
    .flatMap((text) => text.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => ({ page, line, words: shellWords(line) }));
}

/** The words of a command line up to its first pipe or redirection. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  const end = words.findIndex((word) => /^([|<>]|&&)/.test(word));
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replaceAll(/["']/g, ''));
}
