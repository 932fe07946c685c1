/** Tables by words, as `numbers.ts` holds them. They are fixed, so that a table has the keys of its type and no others. */

type Key<Table> = keyof Table & string;

export function keysOf<Table extends object>(table: Table): Key<Table>[] {
  return Object.keys(table) as Key<Table>[];
}

export function entriesOf<Table extends object>(table: Table): [Key<Table>, Required<Table>[Key<Table>]][] {
  return Object.entries(table) as [Key<Table>, Required<Table>[Key<Table>]][];
}

/** The table that has for each key what `make` makes of it. */
export function tableOf<Name extends string, Value>(
  keys: readonly Name[],
  make: (key: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<Name, Value>;
}

/** Whether there is a row for a word; what every object inherits, as `constructor`, is none. */
export function isKeyOf<Table extends object>(table: Table, word: PropertyKey): word is Key<Table> {
  return Object.hasOwn(table, word);
}

/** Whether a list has it, which may be of other types than the list. */
export function isOneOf<Item>(list: readonly Item[], value: unknown): value is Item {
  return (list as readonly unknown[]).includes(value);
}

/** The row for one of several things that their `kind` tells apart: it is for that kind alone, which no compiler sees. */
export function rowFor<Thing extends { readonly kind: string }, Others extends readonly unknown[], Result>(
  table: { readonly [Kind in Thing['kind']]: (thing: Thing & { readonly kind: Kind }, ...others: Others) => Result },
  thing: Thing,
): (thing: Thing, ...others: Others) => Result {
  return table[thing.kind as Thing['kind']] as (thing: Thing, ...others: Others) => Result;
}

/** The name whose number this is. */
export function nameOf<Name extends string>(numbers: Readonly<Record<Name, number>>, number: number): Name | undefined {
  return keysOf(numbers).find((name) => numbers[name] === number);
}
