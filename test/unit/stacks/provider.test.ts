import { runtime } from '@pulumi/pulumi';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OnedockProvider } from '../../../stacks/provider/provider.ts';
import { defineResource, type ResourceType, Unfinished } from '../../../stacks/provider/resource.ts';

const URN = 'urn:pulumi:dev::project::onedock:cloud:Sandbox$onedock:cloud:Note::note-1';
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const secret = (value: unknown) => ({ [runtime.specialSigKey]: runtime.specialSecretSig, value });

interface Note {
  readonly title: string;
  readonly pages: number;
  readonly key: string;
  readonly tags: { name: string; weight: number }[];
}

/** A resource whose objects live in a map. */
function noteType(notes: Map<string, Note>): ResourceType {
  return defineResource({
    name: 'Note',
    module: 'cloud',
    description: 'A note.',
    inputs: z.object({
      title: z.string().min(1),
      pages: z.int().positive().default(1),
      key: z.string().min(3),
      tags: z.array(z.object({ name: z.string(), weight: z.number().default(1) })).default([]),
    }),
    outputs: z.object({ words: z.number() }),
    contradictions: ({ title, key }) => (title === key ? [{ property: 'key', reason: 'is the title' }] : []),
    brokenBy: ({ words }) => (words === -1 ? 'words' : undefined),
    replaceOn: ['title'],
    secrets: ['key'],
    deleteBeforeReplace: true,
    async create(inputs) {
      notes.set('7', inputs);
      if (inputs.title === 'torn') throw new Unfinished('7', { words: 0 }, new Error('The page is torn.'));
      return { id: '7', outputs: { words: 0 } };
    },
    async read(id) {
      const inputs = notes.get(id);
      return inputs && { inputs, outputs: { words: 0 } };
    },
    async update(id, inputs) {
      notes.set(id, inputs);
      return { words: 1 };
    },
    async delete(id) {
      notes.delete(id);
    },
  }) as unknown as ResourceType;
}

describe('OnedockProvider', () => {
  const notes = new Map<string, Note>();
  const provider = new OnedockProvider('1.2.3', [noteType(notes)]);
  beforeEach(() => notes.clear());

  it('reports all that is wrong with the inputs at once', async () => {
    const { failures } = await provider.check(URN, {}, { title: '', pages: -1, key: 'abc', colour: 'red' });
    expect(failures?.map(({ property }) => property)).toEqual(['title', 'pages', 'colour']);
  });

  it('reports what contradicts each other when each is right by itself', async () => {
    const { failures } = await provider.check(URN, {}, { title: 'abc', key: 'abc' });
    expect(failures).toEqual([{ property: 'key', reason: 'is the title' }]);
    const preview = await provider.check(URN, {}, { title: UNKNOWN, key: 'abc' });
    expect(preview.failures).toEqual([]);
  });

  it('fills in defaults and keeps secrets secret', async () => {
    const { inputs, failures } = await provider.check(URN, {}, { title: 'x', key: secret('abc') });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ title: 'x', pages: 1, key: secret('abc'), tags: [] });
  });

  it('accepts what is not known yet in a preview, and fills in the rest', async () => {
    const { inputs, failures } = await provider.check(URN, {}, { title: UNKNOWN, key: 'abc' });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ title: UNKNOWN, pages: 1, key: 'abc', tags: [] });
  });

  it('fills in defaults deep inside, so that they are no difference later', async () => {
    const { inputs } = await provider.check(URN, {}, { title: 'x', key: 'abc', tags: [{ name: secret('a') }] });
    expect(inputs.tags).toEqual([{ name: secret('a'), weight: 1 }]);
  });

  it('replaces where the table says so, and updates in place else', async () => {
    const olds = { title: 'x', pages: 1, key: secret('abc'), words: 5 };
    expect(await provider.diff('7', URN, olds, { title: 'x', pages: 1, key: 'abc' })).toMatchObject({ changes: false });
    expect(await provider.diff('7', URN, olds, { title: 'x', pages: 2, key: 'abc' })).toMatchObject({
      changes: true,
      replaces: [],
    });
    expect(await provider.diff('7', URN, olds, { title: 'y', pages: 1, key: 'abc' })).toMatchObject({
      changes: true,
      replaces: ['title'],
      deleteBeforeReplace: true,
    });
  });

  it('creates, reads, updates and deletes, with inputs and outputs in its state', async () => {
    const created = await provider.create(URN, { title: 'x', pages: 1, key: secret('abc') });
    expect(created).toEqual({ id: '7', outs: { title: 'x', pages: 1, key: secret('abc'), tags: [], words: 0 } });
    const updated = await provider.update('7', URN, created.outs, { title: 'x', pages: 3, key: 'abc' });
    expect(updated.outs).toMatchObject({ pages: 3, words: 1 });
    expect(await provider.read('7', URN, updated.outs)).toMatchObject({ id: '7', props: { pages: 3 } });
    await provider.delete('7', URN, updated.outs);
    expect(await provider.read('7', URN, updated.outs)).toEqual({ id: '', props: {} });
  });

  it('replaces what is broken, though nothing that was written has changed', async () => {
    const state = { title: 'x', pages: 1, key: 'abc', words: -1 };
    expect(await provider.diff('7', URN, state, state)).toMatchObject({ changes: true, replaces: ['words'] });
  });

  it('tells what was made and not finished as Pulumi knows it, with secrets marked', async () => {
    await expect(provider.create(URN, { title: 'torn', pages: 1, key: 'abc' })).rejects.toMatchObject({
      message: 'The page is torn.',
      id: '7',
      reasons: ['The page is torn.'],
      properties: { title: 'torn', key: secret('abc'), words: 0 },
    });
  });

  it('stops what is under way when Pulumi asks for it', async () => {
    const signals: AbortSignal[] = [];
    const listening = noteType(notes);
    const stopped = new OnedockProvider('1.2.3', [
      {
        ...listening,
        create: async (_inputs, { signal }) => {
          signals.push(signal);
          return { id: '1', outputs: {} };
        },
      },
    ]);
    await stopped.create(URN, { title: 'x', key: 'abc' });
    expect(signals[0]?.aborted).toBe(false);
    await stopped.cancel();
    expect(signals[0]?.aborted).toBe(true);
  });

  it('says which type it does not know', async () => {
    await expect(provider.check('urn:pulumi:a::b::onedock:cloud:Ghost::c', {}, {})).rejects.toThrow(
      'onedock:cloud:Ghost',
    );
  });

  it('publishes a schema with inputs, outputs, secrets and what replaces', async () => {
    const schema = JSON.parse(await provider.getSchema());
    expect(schema.resources['onedock:cloud:Note']).toMatchObject({
      inputProperties: { title: { type: 'string', willReplaceOnChanges: true }, key: { secret: true } },
      requiredInputs: ['title', 'key'],
      properties: { words: { type: 'number' } },
    });
  });

  it('mends and deletes what was found as nobody can write it', async () => {
    const found = { title: 'a', pages: -1, key: 'abc', tags: [] };
    const wanted = { ...found, pages: 1 };
    notes.set('7', wanted);
    expect((await provider.update('7', URN, found, wanted)).outs).toMatchObject({ pages: 1, words: 1 });
    await provider.delete('7', URN, found);
    expect(notes.size).toBe(0);
  });
});
