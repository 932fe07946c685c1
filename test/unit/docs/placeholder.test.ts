import { describe, expect, it } from 'vitest';
import { placeholders } from '../../../docs/generate/placeholder.ts';

describe('placeholders', () => {
  const at = placeholders<{ host: string; names: string[]; size: { mb: number } }>();

  it('print as the name of the field', () => {
    expect(`${at.host}`).toBe('<host>');
    expect(`${at.size.mb}`).toBe('<size>');
  });

  it('survive what sentences do with lists and strings', () => {
    expect(`${at.names.map((name) => name.toUpperCase()).join(', ')}`).toBe('<names>');
    expect([...at.names].join(', ')).toBe('<names>');
    expect(`${at.host.trim()}`).toBe('<host>');
  });
});
