/** Templates that nobody means well: read or refused, in time that grows with their length and no faster. */
import { describe, expect, it } from 'vitest';
import { parseTemplate, TemplateSyntaxError } from '../../../src/opennebula/template.ts';
import { below, firstSeed, pick, seededRandom } from '../../support/random.ts';

const MANY = 100_000;
/** Of the processor: what is read once takes a hundredth of this; what is read again for each value takes minutes. */
const MOST_SECONDS = 10;

const LONG: Readonly<Record<string, string>> = {
  'values in one line': 'A=1 '.repeat(MANY),
  'values in one line before the end of a CDATA section': `${'A=1 '.repeat(MANY)}\nB=]]>`,
  'signs of comments without an end of line': ' #'.repeat(MANY),
  'a vector of many': `A=[${Array.from({ length: MANY }, (_, i) => `B${i}=1`).join(',')}]`,
  'quotes that do not end': `A=${'"\\" A='.repeat(MANY)}`,
  'a long text': `A="${'\\"'.repeat(10 * MANY)}"`,
  'elements side by side': `<T>${'<A>1</A>'.repeat(MANY)}</T>`,
  'elements in one another': '<T>'.repeat(MANY),
  'ends of a CDATA section': `<T><A><![CDATA[${']'.repeat(MANY)}]]></A></T>`,
};

const WELL_FORMED = [
  'NAME = "tiny"\nDISK = [ IMAGE_ID = 3, SIZE = "10" ] # the first\nCONTEXT=[ A="b \\" c", NETWORK="YES" ]\nEMPTY =\n',
  '<TEMPLATE><NAME>tiny</NAME><DISK><IMAGE_ID><![CDATA[3]]></IMAGE_ID></DISK><TEXT>a &amp; b</TEXT></TEMPLATE>',
];
const PIECES = [
  '[',
  ']',
  '=',
  '"',
  '\\',
  ',',
  '#',
  '\n',
  ']]>',
  '<',
  '</',
  '&',
  '&lt;',
  '<!DOCTYPE a>',
  '\0',
  '\ud800',
  '',
];

describe('a template', () => {
  it.each(Object.entries(LONG))('is read once, or refused: %s', (_, source) => {
    const before = process.cpuUsage();
    readOrRefuse(source);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(MOST_SECONDS);
  });

  it('declares no entities', () => {
    const bomb = '<!DOCTYPE T [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><T><A>&b;</A></T>';
    expect(() => parseTemplate(bomb)).toThrow(TemplateSyntaxError);
  });

  it('is read or refused, whatever was changed in it', () => {
    const seed = firstSeed();
    const random = seededRandom(seed);
    for (let round = 0; round < 2000; round++) {
      let source = pick(WELL_FORMED, random);
      for (let change = 0; change <= below(6, random); change++) {
        const at = below(source.length + 1, random);
        source = source.slice(0, at) + pick(PIECES, random) + source.slice(at + below(4, random));
      }
      expect(() => readOrRefuse(source), `SEED=${seed}, ${JSON.stringify(source)}`).not.toThrow();
    }
  });
});

/** @throws what is no refusal of the parser */
function readOrRefuse(source: string): void {
  try {
    parseTemplate(source);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
  }
}
