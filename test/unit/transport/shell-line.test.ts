import { describe, expect, it } from 'vitest';
import { shellLine } from '../../../src/transport/shell-line.ts';

describe('shellLine', () => {
  it.each([
    { argv: ['ip', '-json', 'link', 'show'], line: 'ip -json link show' },
    { argv: ['echo', 'two words'], line: "echo 'two words'" },
    { argv: ['echo', "it's"], line: `echo 'it'\\''s'` },
    { argv: ['echo', '', '$HOME', '*'], line: "echo '' '$HOME' '*'" },
  ])('writes $argv so that a shell splits it again', ({ argv, line }) => {
    expect(shellLine(argv)).toBe(line);
  });
});
