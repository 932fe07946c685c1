import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../../../src/drivers/registry/parse-answer.ts';

describe('an answer of a registry', () => {
  it('is a document', () => {
    expect(parseAnswer(Buffer.from('{"repositories":[]}'), 'hub:5000')).toEqual({ repositories: [] });
  });

  it('that is a page of something else shows how it begins', () => {
    const page = Buffer.from('<!DOCTYPE html>\n<html>\n  <title>Please log in</title>');
    expect(() => parseAnswer(page, 'hub:5000')).toThrow(
      expect.objectContaining({
        code: 'REGISTRY_ANSWER_UNREADABLE',
        message:
          "The registry hub:5000 answers with something that is no JSON: '<!DOCTYPE html> <html> <title>Please log in</title>'.",
      }),
    );
  });

  it('that is empty is said to be', () => {
    expect(() => parseAnswer(Buffer.alloc(0), 'hub:5000')).toThrow("no JSON: ''.");
  });
});
