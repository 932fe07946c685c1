import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/drivers/contract/action.ts';
import { ACTION_FAMILIES, ACTIONS_OF_FAMILY } from '../../../src/drivers/contract/families.ts';
import { driverTable } from '../../../src/drivers/table.ts';

const DRIVERS = join(import.meta.dirname, '../../../src/drivers');

const drivers = ACTION_FAMILIES.flatMap((family) =>
  Object.entries(driverTable[family]).map(([name, { load }]) => ({ name: `${family}/${name}`, family, load })),
);

describe.each(drivers)('$name', ({ name, family, load }) => {
  const expected = ACTIONS_OF_FAMILY[family] as Readonly<Record<string, { readonly args: string }>>;
  const folder = join(DRIVERS, name);
  const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));

  it('has the actions of its family, and no other', async () => {
    expect(Object.keys(await load()).toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it('asks for no more arguments than OpenNebula gives', async () => {
    const actions: Readonly<Record<string, Pick<Action, 'args'>>> = await load();
    const greedy = Object.entries(actions).filter(([action, { args }]) => {
      const given = expected[action]?.args.split(' ') ?? [];
      return args.filter((arg) => !arg.startsWith('...')).length > given.length;
    });
    expect(greedy).toEqual([]);
  });

  it('does every action that has a file in its folder', async () => {
    const actions: Readonly<Record<string, Pick<Action, 'refusal'>>> = await load();
    const refused = files.filter((file) => file in expected && actions[file]?.refusal !== undefined);
    expect(refused).toEqual([]);
  });

  it.skipIf(!files.some((file) => file in expected))(
    'takes each action that it does from a file of its name',
    async () => {
      const actions: Readonly<Record<string, Pick<Action, 'refusal'>>> = await load();
      const done = Object.keys(actions).filter((action) => actions[action]?.refusal === undefined);
      const index = readFileSync(join(folder, 'index.ts'), 'utf8');
      expect(done.filter((action) => !index.includes(`/${action}.ts'`))).toEqual([]);
    },
  );
});
