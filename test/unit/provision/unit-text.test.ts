import { expect, it } from 'vitest';
import { unitText } from '../../../provision/unit-text.ts';

it('unitText prints sections, and a list as one line for each value', () => {
  const text = unitText({
    Unit: { Description: 'A test', After: ['a.service', 'b.service'] },
    Service: { ExecStart: '/bin/true' },
  });
  expect(text).toBe('[Unit]\nDescription=A test\nAfter=a.service\nAfter=b.service\n\n[Service]\nExecStart=/bin/true\n');
});
