import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages } from '../../support/documented-commands.ts';
import { REPOSITORY, readSource } from '../../support/source-files.ts';

describe('the documentation', () => {
  it('links to files that exist', () => {
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it('lists every decision in their index', () => {
    const index = readSource('docs/decisions/README.md');
    const decisions = readdirSync(join(REPOSITORY, 'docs/decisions')).filter((name) => /^\d{4}-/.test(name));
    expect(decisions.filter((name) => !index.includes(`(${name})`))).toEqual([]);
  });

  it('gives each decision a number of its own', () => {
    const numbers = readdirSync(join(REPOSITORY, 'docs/decisions'))
      .filter((name) => /^\d{4}-/.test(name))
      .map((name) => name.slice(0, 4));
    expect(numbers.filter((number, i) => numbers.indexOf(number) !== i)).toEqual([]);
  });
});

/** Links and images to files, relative to the page; anchors and addresses are not followed. */
function brokenLinks(page: string): string[] {
  const text = readSource(page).replaceAll(/^```.*?^```/gms, '');
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(REPOSITORY, dirname(page), target)))
    .map((target) => `${page} links to ${target}, which does not exist.`);
}
