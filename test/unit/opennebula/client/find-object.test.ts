import { describe, expect, it } from 'vitest';
import { findByNameOrId } from '../../../../src/opennebula/client/find-object.ts';

const OBJECTS = [
  { id: 3, name: 'web' },
  { id: 7, name: '3' },
];

describe('an object', () => {
  it.each([
    ['web', 3],
    ['7', 7],
    ['3', 7],
    ['07', undefined],
    ['db', undefined],
  ])('named %j is number %s', (wanted, id) => {
    expect(findByNameOrId(OBJECTS, wanted)?.id).toBe(id);
  });
});
