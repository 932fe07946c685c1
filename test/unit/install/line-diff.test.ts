import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../../src/install/line-diff.ts';

const lines = (...numbers: number[]) => numbers.map((each) => `line ${each}\n`).join('');
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

describe('lineDiff', () => {
  it('is empty when nothing changes', () => {
    expect(lineDiff('/etc/x', 'a\n', 'a\n')).toBe('');
  });

  it('shows what changes with three lines around it, as diff -u does', () => {
    const before = lines(...upTo(20));
    const after = before.replace('line 10\n', 'line ten\nline ten and a half\n');
    expect(lineDiff('/etc/x', before, after)).toBe(`--- /etc/x
+++ /etc/x
@@ -7,7 +7,8 @@
 line 7
 line 8
 line 9
-line 10
+line ten
+line ten and a half
 line 11
 line 12
 line 13`);
  });

  it('joins changes that are close and parts those that are not', () => {
    const before = lines(...upTo(30));
    const after = before.replace('line 5\n', '').replace('line 9\n', 'nine\n').replace('line 25\n', '');
    const hunks = lineDiff('/etc/x', before, after).match(/^@@.*@@$/gm);
    expect(hunks).toEqual(['@@ -2,11 +2,10 @@', '@@ -22,7 +21,6 @@']);
  });

  it('shows a text that comes, and one that goes', () => {
    expect(lineDiff('/x', '', 'a\n')).toBe('--- /x\n+++ /x\n@@ -0,0 +1,1 @@\n+a');
    expect(lineDiff('/x', 'a\n', '')).toBe('--- /x\n+++ /x\n@@ -1,1 +0,0 @@\n-a');
  });
});
