/** BACKUP_CONFIG of a VM: how backups of it would be made (src/vm/Backups.cc parse, 7.4). None is made here. */
import { isYes, type Vector } from '../../opennebula/template.ts';
import { without } from './edit-template.ts';
import { InvalidTemplate } from './invalid-template.ts';

const FRESH: Vector = {
  BACKUP_VOLATILE: 'NO',
  FS_FREEZE: 'NONE',
  INTERACTIVE: 'NO',
  MODE: 'FULL',
  INCREMENT_MODE: 'CBT',
};
const POINTERS: Vector = { INCREMENTAL_BACKUP_ID: '-1', LAST_INCREMENT_ID: '-1' };

/**
 * @param before what stays where the user says nothing, and nothing is added to it; missing: the usual values stand there
 * @throws InvalidTemplate
 */
export function backupConfig(given: Vector, before?: Vector): Vector {
  const known = before ?? FRESH;
  const startsAnew = before === undefined || Boolean(given.MODE);
  const config: Vector = { ...known, ...(startsAnew ? POINTERS : {}), ...wordsOf(given) };
  const keepLast = Number.parseInt(given.KEEP_LAST ?? '', 10);
  const kept = Number.isNaN(keepLast) ? known.KEEP_LAST : String(Math.max(0, keepLast));
  if (config.INTERACTIVE === 'YES' && config.MODE === 'INCREMENT' && config.INCREMENT_MODE === 'SNAPSHOT') {
    throw new InvalidTemplate('Interactive backups do not support SNAPSHOT increment mode.');
  }
  return kept === undefined ? without(config, 'KEEP_LAST') : { ...config, KEEP_LAST: kept };
}

/** What the user says, as oned writes it; a word that it does not know counts as the usual one. */
function wordsOf(given: Vector): Vector {
  const word = (name: string, words: readonly string[]) => {
    const value = given[name]?.toUpperCase();
    return value ? { [name]: words.includes(value) ? value : (FRESH[name] ?? '') } : {};
  };
  const flag = (name: string) => (given[name] === undefined ? {} : { [name]: isYes(given[name]) ? 'YES' : 'NO' });
  return {
    ...flag('BACKUP_VOLATILE'),
    ...flag('INTERACTIVE'),
    ...word('FS_FREEZE', ['NONE', 'AGENT', 'SUSPEND']),
    ...word('MODE', ['FULL', 'INCREMENT']),
    ...word('INCREMENT_MODE', ['CBT', 'SNAPSHOT']),
  };
}
