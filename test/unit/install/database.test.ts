import { describe, expect, it } from 'vitest';
import { readConfigurationText } from '../../../src/install/configuration-text.ts';
import { withDatabase } from '../../../src/install/database.ts';
import { ONED_CONF } from '../../support/oned-conf.ts';

const MARIADB = { kind: 'mariadb', password: 'secret' } as const;

function entry(text: string) {
  const found = readConfigurationText(text).filter(({ name }) => name === 'DB');
  return found.map(({ vector }) => Object.fromEntries(Array.from(vector, ([name, value]) => [name, value.text])));
}

describe('withDatabase', () => {
  it('leaves the packages’ own SQLite as it is', () => {
    expect(withDatabase(ONED_CONF, { kind: 'sqlite' })).toBe(ONED_CONF);
  });

  it('takes the place of the entry that is there, and of nothing else', () => {
    const changed = withDatabase(ONED_CONF, MARIADB);
    expect(entry(changed)).toEqual([
      expect.objectContaining({ BACKEND: 'mysql', USER: 'oneadmin', PASSWD: 'secret', DB_NAME: 'opennebula' }),
    ]);
    expect(changed.replace(/^DB = \[[^\]]*\]/m, '')).toBe(ONED_CONF.replace(/^DB = \[[^\]]*\]/m, ''));
  });

  it('has another password the next time, and goes back to SQLite', () => {
    const again = withDatabase(withDatabase(ONED_CONF, MARIADB), { kind: 'mariadb', password: 'other' });
    expect(entry(again)).toEqual([expect.objectContaining({ PASSWD: 'other' })]);
    expect(entry(withDatabase(again, { kind: 'sqlite' }))).toEqual([{ BACKEND: 'sqlite', TIMEOUT: '2500' }]);
  });

  it('is added where there is none', () => {
    expect(entry(withDatabase('PORT = 2633', { kind: 'sqlite' }))).toHaveLength(1);
  });
});
