import { describe, expect, it } from 'vitest';
import { hostsText, withHostsBlock, withoutHostsBlock } from '../../../provision/host-name.ts';

const NAMES = new Map([
  ['frontend', '10.0.0.2'],
  ['registry', '10.0.0.2'],
  ['host-1', '10.0.0.11'],
]);
const LINES = '10.0.0.2 frontend registry\n10.0.0.11 host-1\n';

it('hostsText gives each address one line with all its names', () => {
  expect(hostsText(NAMES)).toBe(`127.0.0.1 localhost\n::1 localhost\n${LINES}`);
});

describe('a block of names in somebody else’s /etc/hosts', () => {
  const OWN = '127.0.0.1 localhost\n192.0.2.7 printer\n';

  it('stands at its end', () => {
    expect(withHostsBlock(OWN, NAMES)).toBe(
      `${OWN}# Machines of the ONEDock sandbox\n${LINES}# End of the ONEDock sandbox\n`,
    );
  });

  it('takes the place of a former one', () => {
    const former = withHostsBlock(OWN, new Map([['frontend', '10.9.9.9']]));
    expect(withHostsBlock(former, NAMES)).toBe(withHostsBlock(OWN, NAMES));
  });

  it('begins on a line of its own', () => {
    expect(withHostsBlock('127.0.0.1 localhost', NAMES)).toContain('localhost\n# Machines');
  });

  it.each(['', OWN])('goes without a trace from %j', (text) => {
    expect(withoutHostsBlock(withHostsBlock(text, NAMES))).toBe(text);
  });

  it('leaves what was added behind it', () => {
    expect(withoutHostsBlock(`${withHostsBlock(OWN, NAMES)}192.0.2.8 scanner\n`)).toBe(`${OWN}192.0.2.8 scanner\n`);
  });
});
