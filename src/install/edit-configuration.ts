/**
 * The edits of OpenNebula's configuration files, as functions from text to text. What is not ONEDock's stays as it is to
 * the byte; doing an edit twice is doing it once; taking it out gives back what was there before. Pure.
 */
import { type ConfigurationEntry, type PlacedValue, readConfigurationText } from './configuration-text.ts';
import { DRIVER_LISTS, EXECRC_WORDS, MONITORD_ENTRIES, ONED_ENTRIES } from './driver-entries.ts';
import { splitBlock, withBlock } from './marked-block.ts';

/** Name of the drivers, in all families. */
export const DRIVER = 'onedock';

export interface ConfigurationEdit {
  readonly add: (text: string) => string;
  readonly remove: (text: string) => string;
  /** Entries for drivers of that name which are not within the marks: somebody else's. */
  readonly findForeign: (text: string) => readonly string[];
}

export const ONED_CONF: ConfigurationEdit = {
  add(text) {
    const { rest } = splitBlock(text);
    return withBlock(replaceLists(rest, withName), ONED_ENTRIES);
  },
  remove(text) {
    const { rest, block } = splitBlock(text);
    return block === undefined ? text : replaceLists(rest, withoutName);
  },
  findForeign(text) {
    const { rest, block } = splitBlock(text);
    const entries = readConfigurationText(rest);
    return [
      ...entries.filter(isOfDriver).map(({ name }) => name),
      ...(block === undefined ? driverLists(entries).flatMap(({ name, value }) => (names(value) ? [name] : [])) : []),
    ];
  },
};

export const MONITORD_CONF: ConfigurationEdit = {
  add: (text) => withBlock(splitBlock(text).rest, MONITORD_ENTRIES),
  remove: (text) => splitBlock(text).rest,
  findForeign: (text) =>
    readConfigurationText(splitBlock(text).rest)
      .filter(isOfDriver)
      .map(({ name }) => name),
};

/** A file of shell assignments. A variable that it lacks is added within marks. */
export const VMM_EXECRC: ConfigurationEdit = {
  add(text) {
    const { rest } = splitBlock(text);
    const isThere = (variable: string) => assignment(variable).test(rest);
    const added = Object.entries(EXECRC_WORDS).filter(([variable]) => !isThere(variable));
    const changed = replaceAssignments(rest, (present, words) => [
      ...present,
      ...words.filter((w) => !present.includes(w)),
    ]);
    return added.length === 0
      ? changed
      : withBlock(changed, added.map(([variable, words]) => `${variable}="${words.join(' ')}"\n`).join(''));
  },
  remove: (text) =>
    replaceAssignments(splitBlock(text).rest, (present, words) => present.filter((word) => !words.includes(word))),
  findForeign: () => [],
};

function isOfDriver({ vector }: ConfigurationEntry): boolean {
  return vector.get('NAME')?.text === DRIVER;
}

interface DriverListEntry {
  readonly name: string;
  readonly value: PlacedValue;
}

function driverLists(entries: readonly ConfigurationEntry[]): DriverListEntry[] {
  return Object.keys(DRIVER_LISTS).flatMap((name) => {
    // OpenNebula goes by the first entry of a name.
    const value = entries.find((entry) => entry.name === name)?.vector.get('ARGUMENTS');
    return value === undefined ? [] : [{ name, value }];
  });
}

/** Whether the list of an option holds the driver. */
function names({ text }: PlacedValue): boolean {
  return OPTION_LISTS(text).some((list) => list.split(',').includes(DRIVER));
}

const OPTION_LISTS = (text: string) => Array.from(text.matchAll(/(?<=^|\s)-[ds]\s+(\S+)/g), ([, list = '']) => list);

type ListChange = (names: readonly string[]) => readonly string[];

const withName: ListChange = (present) => (present.includes(DRIVER) ? present : [...present, DRIVER]);
const withoutName: ListChange = (present) => present.filter((name) => name !== DRIVER);

function replaceLists(text: string, change: ListChange): string {
  const lists = driverLists(readConfigurationText(text)).toSorted((a, b) => b.value.start - a.value.start);
  return lists.reduce((edited, { name, value: { start, end } }) => {
    const options = DRIVER_LISTS[name] ?? [];
    const value = edited
      .slice(start, end)
      .replaceAll(/(?<=^|[\s"])(-[a-z])(\s+)([^\s"]+)/g, (whole, option, gap, list) =>
        options.includes(option) ? `${option}${gap}${change(list.split(',')).join(',')}` : whole,
      );
    return `${edited.slice(0, start)}${value}${edited.slice(end)}`;
  }, text);
}

const assignment = (variable: string) => new RegExp(`^(${variable}=")([^"\\n]*)(")`, 'm');

function replaceAssignments(
  text: string,
  change: (present: readonly string[], words: readonly string[]) => readonly string[],
): string {
  return Object.entries(EXECRC_WORDS).reduce(
    (edited, [variable, words]) =>
      edited.replace(assignment(variable), (_, head, value: string, tail) => {
        const present = value === '' ? [] : value.split(' ');
        return `${head}${change(present, words).join(' ')}${tail}`;
      }),
    text,
  );
}
