/**
 * Scenarios by domain, each against a fresh front-end. `domains/` holds what was called and what a real OpenNebula 7.4.0
 * with the dummy drivers answered, a step in a line. A step without an answer is only played: what it is answered differs
 * from run to run (addresses by chance, times of monitoring, numbers that oned never set).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { XmlRpcValue } from '../../../src/opennebula/xmlrpc.ts';
import { compareRecordings, type Step } from './compare.ts';
import { measure } from './measure.ts';
import { playAgainstFrontend } from './play-against-frontend.ts';
import { type ScenarioStep, waitForSpace, waitForState, waitForVm } from './scenario/step.ts';

const FOLDER = join(import.meta.dirname, 'domains');

interface RecordedCall extends Partial<Step> {
  readonly method: string;
  readonly args: readonly XmlRpcValue[];
  readonly session?: string;
}

/** Until an object is in a state; of a VM that of its life cycle, too. */
interface RecordedWait {
  readonly wait: string;
  readonly id: number;
  readonly state: number | readonly [number, number];
}

/** Until a datastore has been measured. */
interface RecordedSpace {
  readonly space: number;
}

type Recorded = RecordedCall | RecordedWait | RecordedSpace;

describe('parity by domain', () => {
  it.each(readdirSync(FOLDER).map((file) => [file.replace('.json', ''), file] as const))(
    'of %s',
    async (domain, file) => {
      const recorded = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as readonly Recorded[];
      const expected = recorded.filter((step): step is RecordedCall & Step => 'label' in step);
      const comparisons = compareRecordings(expected, await playAgainstFrontend(recorded.map(toStep)));
      const score = measure(`parity of ${domain}`, comparisons);
      expect(comparisons.filter(({ likeness }) => likeness === 'different')).toEqual([]);
      // What a driver does behind an answer may be done a step earlier or later.
      expect(score.shape / score.steps).toBeGreaterThanOrEqual(0.98);
      expect(score.identical / score.steps).toBeGreaterThanOrEqual(0.98);
    },
    120_000,
  );
});

function toStep(step: Recorded, index: number): ScenarioStep {
  const label = `step ${index}`;
  if ('space' in step) return waitForSpace(step.space);
  if ('args' in step) return { ...step, label: step.label ?? label };
  const { wait, id, state } = step;
  return typeof state === 'number' ? waitForState(label, wait, id, state) : waitForVm(label, id, state[0], state[1]);
}
