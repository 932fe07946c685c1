import { describe, expect, it } from 'vitest';
import { readAgentConfiguration } from '../../../../src/drivers/agent/configuration.ts';
import { follow } from '../../../../src/drivers/agent/follow.ts';
import type { AgentMessage } from '../../../../src/drivers/agent/message.ts';
import type { DriverRunner } from '../../../../src/drivers/contract/driver-runner.ts';

const HOST = { id: 4, name: 'host-1', datastoreLocation: '/ds', systemDatastoreIds: [] };

/** Follows with a driver that does one thing after the other, until so many messages have been sent. */
async function sentBy(monitors: readonly DriverRunner['monitor'][], count: number): Promise<string[]> {
  const sent: AgentMessage[] = [];
  const enough = new AbortController();
  let call = 0;
  const drivers: DriverRunner = {
    has: () => true,
    run: async () => '',
    monitor: (...watched) => (monitors[call++] ?? (() => new Promise(() => {})))(...watched),
    [Symbol.asyncDispose]: async () => {},
  };
  const following = follow(drivers, {
    configuration: {
      ...readAgentConfiguration({ driver: 'onedock', hostId: 4, host: 'host-1' }, ''),
      beaconSeconds: 0.01,
    },
    host: HOST,
    send: async (message) => {
      if (sent.push(message) >= count) enough.abort();
    },
    signal: enough.signal,
    retrySeconds: 0,
  });
  await following;
  return sent.map(({ type, isSuccess, text }) => `${type} ${isSuccess ? 'SUCCESS' : 'FAILURE'} ${text}`);
}

/** Goes on until it is ended. */
const ended = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

describe('an agent', () => {
  it('sends what its driver reports, and a sign of life in between', async () => {
    const messages = await sentBy(
      [
        async (driver, host, report, signal) => {
          report({ type: 'SYSTEM_HOST', text: `${driver} ${host.name}` });
          await ended(signal);
        },
      ],
      3,
    );
    expect(messages).toEqual(['SYSTEM_HOST SUCCESS onedock host-1', ...Array(2).fill('BEACON_HOST SUCCESS onedock')]);
  });

  it('tells of a host that is lost, and tries it again', async () => {
    const messages = await sentBy(
      [
        async () => {
          throw new Error('host-1 is gone.');
        },
        async (_driver, _host, report, signal) => {
          report({ type: 'SYSTEM_HOST', text: 'back' });
          await ended(signal);
        },
      ],
      2,
    );
    expect(messages).toEqual(['BEACON_HOST FAILURE host-1 is gone.', 'SYSTEM_HOST SUCCESS back']);
  });
});
