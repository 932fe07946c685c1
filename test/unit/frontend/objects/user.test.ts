import { describe, expect, it } from 'vitest';
import { umaskOf } from '../../../../src/frontend/objects/user.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';

describe('the umask of a user', () => {
  it.each([
    ['A=1', 0o177],
    ['UMASK=""', 0o177],
    ['UMASK=137', 0o137],
    ['UMASK=0022', 0o022],
    ['UMASK=19', 0o001],
    ['UMASK=7000', 0],
    ['UMASK=none', 0],
  ])('with %s is read as oned does', (template, umask) => {
    expect(umaskOf(parseTemplate(template), 0o177)).toBe(umask);
  });
});
