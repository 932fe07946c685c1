/**
 * OpenNebula's Python client, unmodified, against the embedded front-end with dummy drivers: every method, with what it
 * answers and what it refuses. Each document goes through pyone's typed bindings, and must not hold elements that they
 * have no place for.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METHODS } from '../../../src/frontend/methods/table.ts';
import { waitUntil } from '../../../src/opennebula/client/wait.ts';
import { type DummyFrontend, startDummyFrontend } from '../../support/dummy-frontend.ts';
import { CHAPTERS } from './chapters/index.ts';
import { type Document, type Outcome, type Pyone, startPyone } from './pyone.ts';
import type { Step, Until, Works } from './step.ts';

let frontend: DummyFrontend;
let pyone: Pyone;

beforeAll(async () => {
  frontend = await startDummyFrontend({ hosts: 1 });
  pyone = await startPyone(frontend.endpoint);
});

afterAll(async () => {
  await pyone?.[Symbol.asyncDispose]();
  await frontend?.[Symbol.asyncDispose]();
});

describe('pyone', () => {
  describe.each(CHAPTERS)('$title', ({ steps }) => {
    const ids = new Map<string, number>();
    it.each(steps.map((step, i) => [nameOf(step, i), step] as const))('%s', async (_, step) => {
      const filled = fillIn(step, ids);
      const outcome = filled.kind === 'until' ? await follow(filled) : await call(filled);
      compare(outcome, filled);
      if (step.kind === 'works' && step.as) ids.set(step.as, (outcome as { value: number }).value);
    });
  });

  it('has called every method of the front-end', () => {
    const called = new Set(CHAPTERS.flatMap(({ steps }) => steps.map(({ method }) => `one.${method}`)));
    expect([...METHODS.keys()].filter((name) => !called.has(name))).toEqual([]);
  });

  it('has seen every method that takes parameters refuse something', () => {
    const refused = new Set(
      CHAPTERS.flatMap(({ steps }) => steps)
        .filter(({ kind }) => kind === 'fails' || kind === 'lacks')
        .map(({ method }) => `one.${method}`),
    );
    const taking = [...METHODS.values()].filter(({ params }) => Object.keys(params).length > 0);
    expect(taking.map(({ name }) => name).filter((name) => !refused.has(name))).toEqual([]);
  });
});

function call({ user, method, params }: Step): Promise<Outcome> {
  return pyone.call(user ?? frontend.session, method, params);
}

function follow(step: Until): Promise<Outcome> {
  const { method, params, gives } = step;
  return waitUntil({
    awaited: `${method}(${params.join(', ')}) gives ${JSON.stringify(gives)}`,
    look: () => call(step),
    done: (outcome) => holds(outcome, { document: gives }),
    describe: (outcome) => JSON.stringify(outcome).slice(0, MOST_SAID),
    timeoutSeconds: 60,
  });
}

function compare(outcome: Outcome, step: Step): void {
  const said = JSON.stringify(outcome).slice(0, MOST_SAID);
  if (step.kind === 'fails' || step.kind === 'lacks') {
    const message = step.message === undefined ? expect.any(String) : `[one.${step.method}] ${step.message}`;
    expect(outcome, said).toEqual({ exception: step.exception, message });
    return;
  }
  expect(outcome, said).not.toHaveProperty('exception');
  const given = 'document' in outcome ? outcome.document : (outcome as { value: unknown }).value;
  if ('document' in outcome && step.kind === 'works') expect(unexpected(outcome, step)).toEqual([]);
  if (step.gives !== undefined) expect({ given }, said).toMatchObject({ given: step.gives });
}

/** Elements that the bindings should have a place for, and have none. */
function unexpected({ unbound }: Document, step: Works): string[] {
  return unbound.filter((path) => !step.unbound?.some((known) => path.startsWith(`${known}/`)));
}

/** Of a document, in the message of a test that fails. */
const MOST_SAID = 2000;

/** Whether something has at least these members. */
function holds(given: unknown, members: object): boolean {
  try {
    expect(given).toMatchObject(members);
    return true;
  } catch {
    return false;
  }
}

/** Puts ids in place of names in braces, however deep. */
function fillIn<T>(value: T, ids: ReadonlyMap<string, number>): T {
  if (typeof value === 'string') return fillText(value, ids) as T;
  if (Array.isArray(value)) return value.map((item) => fillIn(item, ids)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillIn(item, ids)])) as T;
}

function fillText(text: string, ids: ReadonlyMap<string, number>): string | number {
  const whole = /^\{(\w+)\}$/.exec(text);
  return whole ? idOf(whole[1], ids) : text.replaceAll(/\{(\w+)\}/g, (_, name) => `${idOf(name, ids)}`);
}

function idOf(name: string | undefined, ids: ReadonlyMap<string, number>): number {
  const id = ids.get(name ?? '');
  if (id === undefined) throw new RangeError(`No step before has answered an id called ${name}.`);
  return id;
}

function nameOf(step: Step, i: number): string {
  const { method, kind } = step;
  const what = kind === 'works' ? 'works' : kind === 'until' ? 'gets there' : `raises ${step.exception}`;
  return `${i + 1}: ${method} ${what}`;
}
