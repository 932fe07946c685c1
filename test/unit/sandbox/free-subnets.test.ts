import { describe, expect, it } from 'vitest';
import { overlap, parseCidr } from '../../../src/sandbox/cidr.ts';
import { chooseSubnets } from '../../../src/sandbox/free-subnets.ts';

const cidr = (text: string) => parseCidr(text) ?? expect.fail(`${text} is no network`);

describe('chooseSubnets', () => {
  it('gives the same sandbox the same networks', () => {
    expect(chooseSubnets('demo', [])).toEqual(chooseSubnets('demo', []));
    expect(chooseSubnets('demo', [])).not.toEqual(chooseSubnets('other', []));
  });

  it('gives two networks that do not overlap', () => {
    const { management, vms } = chooseSubnets('demo', []);
    expect(overlap(cidr(management), cidr(vms))).toBe(false);
  });

  it('goes past what is taken, be it only one address', () => {
    const { management, vms } = chooseSubnets('demo', []);
    const other = chooseSubnets('demo', [cidr(vms.replace('.0/20', '.7/32'))]);
    expect(other.management).not.toBe(management);
    const yetAnother = chooseSubnets('demo', [cidr(vms), cidr(other.management)]);
    expect([management, other.management]).not.toContain(yetAnother.management);
  });

  it('wraps around at the end of the pool', () => {
    const lower = cidr('10.64.0.0/11');
    const upper = cidr('10.96.0.0/11');
    const inUpper = chooseSubnets('demo', [lower]).management;
    const inLower = chooseSubnets('demo', [upper]).management;
    expect(overlap(cidr(inUpper), upper)).toBe(true);
    expect(overlap(cidr(inLower), lower)).toBe(true);
  });

  it('says so when nothing is free', () => {
    expect(() => chooseSubnets('demo', [cidr('10.0.0.0/8')])).toThrow('There is no free network in 10.64.0.0/10.');
  });

  it('takes a wish, and keeps the rest clear of it', () => {
    const free = chooseSubnets('demo', []);
    const { management, vms } = chooseSubnets('demo', [], { vms: free.management });
    expect(vms).toBe(free.management);
    expect(overlap(cidr(management), cidr(vms))).toBe(false);
  });

  it('refuses a wish that is taken, and names what uses it', () => {
    expect(() => chooseSubnets('demo', [cidr('192.168.0.0/16')], { vms: '192.168.4.0/24' })).toThrow(
      expect.objectContaining({ code: 'SUBNET_TAKEN', why: 'This machine uses 192.168.0.0/16 already.' }),
    );
  });
});
