import { describe, expect, it } from 'vitest';
import { shellWords, splitWords } from '../../../../src/drivers/vmm/onedock/words.ts';

describe('words', () => {
  it.each([
    ['', []],
    ['  ls   -l\t/tmp ', ['ls', '-l', '/tmp']],
    [`sh -c 'echo "a  b"; false'`, ['sh', '-c', 'echo "a  b"; false']],
    [`a\\ b 'it'"'"'s' ''`, ['a b', "it's", '']],
    // Between double quotes a backslash is an escape before a few characters only.
    ['printf "a\\nb \\"c\\" \\$d"', ['printf', 'a\\nb "c" $d']],
    [`'a\\b' c\\`, ['a\\b', 'c\\']],
    ['[ -f /etc/passwd ]', ['[', '-f', '/etc/passwd', ']']],
    ['echo $HOME * ; #', ['echo', '$HOME', '*', ';', '#']],
  ])('of %j', (text, words) => {
    expect(shellWords(text)).toEqual(words);
  });

  it('are none where a quote is open', () => {
    expect(shellWords(`sh -c 'echo`)).toBeUndefined();
    expect(shellWords('echo "')).toBeUndefined();
  });

  it('may be members of a JSON list, where that is asked for', () => {
    expect(splitWords('["a b", "c"]')).toEqual(['a b', 'c']);
    expect(splitWords('[1]')).toBeUndefined();
    expect(splitWords('a "b c"')).toEqual(['a', 'b c']);
  });
});
