import { describe, expect, it } from 'vitest';
import { checkFileVariables, checkVariables } from '../../../../src/frontend/vm/variable-grammar.ts';

describe('variables in texts', () => {
  it.each([
    'plain',
    '$NAME',
    'a=$A$B',
    '$NETWORK[ IP , NETWORK = "a b" ] more',
    '$IMAGE[SIZE,IMAGE=os]',
    'cost: 5 \\$',
  ])('are read in %j', (text) => {
    expect(() => checkVariables(text)).not.toThrow();
  });

  it.each([
    ['', 'unexpected $end, expecting VARIABLE or RSTRING at line 0, columns 1:1'],
    ['a$$x', 'unexpected EOA, expecting $end or VARIABLE or RSTRING at line 0, columns 3:4'],
    ['é$(x)', 'unexpected EOA, expecting $end or VARIABLE or RSTRING at line 0, columns 4:5'],
    ['$USER[', 'unexpected EOA, expecting VARIABLE at line 0, columns 6:7'],
    ['$A[B,C]', 'unexpected CBRACKET, expecting EQUAL at line 0, columns 7:8'],
  ])('are refused in %j', (text, refusal) => {
    expect(() => checkVariables(text)).toThrow(`Error parsing: ${text}. syntax error, ${refusal}`);
  });
});

describe('variables that name files', () => {
  it('may stand one after the other', () => {
    expect(() => checkFileVariables('$FILE[IMAGE=a] $FILE[IMAGE="b", IMAGE_UNAME="ada"]')).not.toThrow();
  });

  it.each([
    ['foo', 'unexpected RSTRING, expecting VARIABLE'],
    ['$FILE', 'unexpected EOA, expecting OBRACKET'],
    ['$FILE[IMAGE]', 'unexpected CBRACKET, expecting EQUAL'],
  ])('are refused in %j', (text, refusal) => {
    expect(() => checkFileVariables(text)).toThrow(refusal);
  });
});
