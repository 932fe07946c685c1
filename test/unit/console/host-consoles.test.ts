import { afterEach, describe, expect, it } from 'vitest';
import { HostConsoles } from '../../../src/console/host-consoles.ts';
import type { DockerHosts } from '../../../src/drivers/hosts/docker-hosts.ts';

const RECORD = { vmId: 5, host: 'host-1', address: '127.0.0.1', port: 5905, password: '' };

/** A host whose ports are all taken, and what its engine tells. */
function crampedHost() {
  const told: { Action: string; Actor: { Attributes: { name: string } } }[] = [];
  let wake = () => {};
  const events = async function* (signal: AbortSignal) {
    while (!signal.aborted) {
      yield* told.splice(0);
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (told.length === 0) await promise;
    }
  };
  const host = {
    name: 'host-1',
    docker: { events: async (signal: AbortSignal) => events(signal), list: async () => [running('one-5')] },
    listen: () => Promise.reject(new Error('The port is taken.')),
  };
  return {
    hosts: { connect: async () => host } as unknown as DockerHosts,
    tell(Action: string) {
      told.push({ Action, Actor: { Attributes: { name: 'one-5' } } });
      wake();
    },
  };
}

const running = (name: string) => ({ State: 'running', Names: [name] });

describe('a console whose port is taken', () => {
  const made = new AsyncDisposableStack();
  afterEach(() => made.disposeAsync());

  it('is told of once for each start of its VM', async () => {
    const { hosts, tell } = crampedHost();
    const said: string[] = [];
    const consoles = made.use(new HostConsoles({ host: 'host-1', hosts, log: (text) => said.push(text) }));
    consoles.want([RECORD]);
    const refusal = 'one-5: no VNC at host-1:5905. The port is taken.';
    await expect.poll(() => said).toEqual([refusal]);
    consoles.want([{ ...RECORD, password: 'x' }]);
    tell('die');
    tell('start');
    await expect.poll(() => said).toEqual([refusal, refusal]);
  });
});
