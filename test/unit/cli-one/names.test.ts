/** Commands exist where they are said to: links, binaries and the table of the program are one list. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROGRAMS } from '../../../provision/bundle.ts';
import { TOOLS } from '../../../src/cli/one/main.ts';
import { COMMAND_NAMES } from '../../../src/opennebula/command-names.ts';

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

describe('the names of the commands', () => {
  it('are those of the tools, each under its own', async () => {
    expect(Object.keys(TOOLS)).toEqual(COMMAND_NAMES);
    const tools = await Promise.all(Object.values(TOOLS).map((load) => load()));
    expect(tools.map(({ name }) => name)).toEqual(COMMAND_NAMES);
  });

  it('are linked on the front-end machine', () => {
    expect(PROGRAMS.one.commands).toEqual(COMMAND_NAMES.map((name) => `/usr/bin/${name}`));
  });

  it('are binaries of the package', () => {
    const { onedock, ...binaries } = manifest.bin;
    expect(binaries).toEqual(Object.fromEntries(COMMAND_NAMES.map((name) => [name, 'bin/one.mjs'])));
  });
});
