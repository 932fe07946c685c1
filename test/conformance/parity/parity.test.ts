/**
 * A scenario of 209 steps against the embedded front-end, compared with what a real OpenNebula 7.4.0 with the dummy
 * drivers answered (`recording.json`; replayed against another real one it is the same in all steps). Prints how much
 * is alike; with PARITY_SHOW=N also the first N differences.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { InProcessDrivers } from '../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../src/drivers/services.ts';
import { driverTable } from '../../../src/drivers/table.ts';
import { Configuration } from '../../../src/frontend/configuration/configuration.ts';
import { createFrontend } from '../../../src/frontend/create-frontend.ts';
import { SqliteStore } from '../../../src/frontend/store/sqlite-store.ts';
import { Template } from '../../../src/opennebula/template.ts';
import { compareRecordings, type Score, type Step, type StepComparison, scoreOf } from './compare.ts';
import { playScenario } from './play.ts';
import { SCENARIO } from './scenario/index.ts';

/** Of the objects and calls whose outcomes must be OpenNebula's. */
const OBJECTS = 'user|group|cluster|datastore|image|host|vn|template|vm';
const CALLS = new RegExp(
  `^one\\.(${OBJECTS})(pool)?\\.(allocate|info|update|rename|delete|chmod|chown|instantiate|deploy|action)$`,
);

let comparisons: StepComparison[];

beforeAll(async () => {
  const expected = JSON.parse(await readFile(join(import.meta.dirname, 'recording.json'), 'utf8')) as Step[];
  comparisons = compareRecordings(expected, await playAgainstFrontend());
});

describe('parity with OpenNebula 7.4.0', () => {
  it('is measured', () => {
    const shown = comparisons.filter(({ likeness }) => likeness !== 'identical');
    for (const { label, difference } of shown.slice(0, Number(process.env.PARITY_SHOW ?? 0))) {
      process.stdout.write(`  ${label}: ${difference}\n`);
    }
    const score = scoreOf(comparisons);
    process.stdout.write(`parity: ${score.steps} steps; ${percentages(score)}\n`);
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

async function playAgainstFrontend(): Promise<Step[]> {
  const session = 'oneadmin:opennebula';
  await using frontend = await createFrontend({
    store: new SqliteStore(':memory:'),
    drivers: new InProcessDrivers(driverTable, openServices()),
    // The zone tells its address: that of the recording.
    configuration: new Configuration(new Template([['PORT', '26633']])),
    session,
    address: '127.0.0.1',
    port: 0,
  });
  return await playScenario({ url: frontend.url, session }, SCENARIO);
}

function percentages(score: Score): string {
  return (['outcome', 'shape', 'identical'] as const)
    .map((name) => `${name} ${score[name]} (${((100 * score[name]) / score.steps).toFixed(1)} %)`)
    .join(', ');
}
