import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { sharedCopy, sharedText, withSharedAttributes } from '../../../../src/frontend/objects/shared-copies.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';

describe('a shared copy', () => {
  it('is one for all values that are alike', () => {
    expect(sharedCopy({ a: '1', b: ['x'] })).toBe(sharedCopy({ a: '1', b: ['x'] }));
    expect(sharedCopy({ a: '1' })).not.toBe(sharedCopy({ a: '2' }));
    const [first, second] = [1, 2].map(() => withSharedAttributes(parseTemplate('CPU = 1\nNIC = [ NETWORK = "a" ]\n')));
    expect(second?.attributes[1]).toBe(first?.attributes[1]);
  });

  it('equals what it is a copy of, and cannot be changed', () => {
    const value = { a: 'ü€', nested: { list: ['1', '2'] } };
    expect(sharedCopy(value)).toEqual(value);
    expect(Object.isFrozen(sharedCopy(value).nested.list)).toBe(true);
  });

  it('keeps nothing of the call that a text was cut out of', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const megabytes = () => {
      collect();
      return process.memoryUsage().heapUsed / 2 ** 20;
    };
    const before = megabytes();
    const kept = Array.from({ length: 100 }, (_, i) => {
      const call = `${i}`.padStart(30, '-').padEnd(2 ** 20, 'x');
      return [sharedCopy({ key: call.slice(0, 30) }), sharedText(call.slice(1, 40))];
    });
    expect(megabytes() - before).toBeLessThan(50);
    expect(kept).toHaveLength(100);
  });
});
