import { describe, expect, it } from 'vitest';
import { down, whatGoes } from '../../../src/sandbox/down.ts';
import { up } from '../../../src/sandbox/up.ts';
import { configuration, memorySandbox } from '../../support/memory-sandbox.ts';

describe('down', () => {
  it('removes everything, after it was said what', async () => {
    const { services, run, testbed } = memorySandbox();
    await up({ configuration: configuration('down-all'), folder: '/' }, services, run());
    expect((await whatGoes(services, 'down-all')).join('\n')).toMatch(
      /machine frontend .*\n.*host-1.*\n.*host-2.*\nnetworks/,
    );
    expect(await down('down-all', services, run())).toMatchObject({ changed: true });
    expect(await testbed.sandboxes()).toEqual([]);
  });

  it('of nothing changes nothing', async () => {
    const { services, run, testbed } = memorySandbox();
    expect(await down('down-none', services, run())).toMatchObject({ changed: false });
    expect(testbed.calls).toEqual([]);
  });

  it('fails when anything is left, and names it', async () => {
    const { services, run, testbed } = memorySandbox();
    testbed.leaks = [{ kind: 'mount', name: '/var/lib/onedock/x' }];
    await expect(down('down-leak', services, run())).rejects.toMatchObject({
      code: 'LEAK_FOUND',
      why: 'mount /var/lib/onedock/x',
    });
    expect(await whatGoes(services, 'down-leak')).toEqual(['mount /var/lib/onedock/x']);
  });
});
