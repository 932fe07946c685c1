import { describe, expect, it } from 'vitest';
import { resolvConfForMachines } from '../../../lxc/resolv-conf.ts';

describe('resolvConfForMachines', () => {
  it('keeps servers, search list and options', () => {
    const text = '# by hand\nnameserver 10.0.0.53\nsearch example.org\noptions ndots:2\n';
    expect(resolvConfForMachines(text)).toBe('nameserver 10.0.0.53\nsearch example.org\noptions ndots:2\n');
  });

  it("leaves out servers that only the user's machine reaches", () => {
    expect(resolvConfForMachines('nameserver 127.0.0.53\nnameserver 9.9.9.9\n')).toBe('nameserver 9.9.9.9\n');
  });

  it('is empty where no other server is left', () => {
    expect(resolvConfForMachines('nameserver 127.0.0.53\nnameserver ::1\noptions edns0\n')).toBe('');
  });
});
