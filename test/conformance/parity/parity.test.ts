/**
 * A scenario of 209 steps against the embedded front-end, compared with what a real OpenNebula 7.4.0 with the dummy
 * drivers answered (`recording.json`; replayed against another real one it is the same in all steps). Prints how much
 * is alike; with PARITY_SHOW=N also the first N differences.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareRecordings, type Step, type StepComparison } from './compare.ts';
import { measure } from './measure.ts';
import { playAgainstFrontend } from './play-against-frontend.ts';
import { SCENARIO } from './scenario/index.ts';

/** Of the objects and calls whose outcomes must be OpenNebula's. */
const OBJECTS = 'user|group|cluster|datastore|image|host|vn|template|vm';
const CALLS = new RegExp(
  `^one\\.(${OBJECTS})(pool)?\\.(allocate|info|update|rename|delete|chmod|chown|instantiate|deploy|action)$`,
);

let comparisons: StepComparison[];

beforeAll(async () => {
  const expected = JSON.parse(await readFile(join(import.meta.dirname, 'recording.json'), 'utf8')) as Step[];
  comparisons = compareRecordings(expected, await playAgainstFrontend(SCENARIO));
});

describe('parity with OpenNebula 7.4.0', () => {
  it('is measured', () => {
    const score = measure('parity', comparisons);
    expect(score.steps).toBe(209);
    expect(score.outcome).toBe(score.steps);
    expect(score.shape / score.steps).toBeGreaterThanOrEqual(0.99);
    expect(score.identical / score.steps).toBeGreaterThanOrEqual(0.95);
  });

  it('gives every call of the first tier its recorded outcome', () => {
    const wrong = comparisons.filter(({ method, likeness }) => CALLS.test(method) && likeness === 'different');
    expect(wrong.map(({ label, difference }) => `${label}: ${difference}`)).toEqual([]);
  });
});
