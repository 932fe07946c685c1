/**
 * The monitoring agent of a host, for OpenNebula's own monitord: a program that runs on the front-end and follows the host
 * over SSH, since hosts have nothing of OpenNebula. `im/run_monitord_client` starts it by `im/onedock.d/onedock_control.sh
 * <driver> <host id> <host>` with the configuration on stdin, prints what a first look has found, and leaves the agent
 * behind, which runs driver actions as well (`serve-calls.ts`); `im/stop_monitord_client` calls the same with `stop` before (src/im_mad/remotes, 7.4).
 */
import { group } from '../../opennebula/xml.ts';
import { startDetached } from '../../transport/start-detached.ts';
import { decodeStdin } from '../contract/action.ts';
import type { DriverRunner, MonitorReport } from '../contract/driver-runner.ts';
import { type CallsPlace, callsSocket } from './calls-place.ts';
import { type AgentConfiguration, readAgentConfiguration } from './configuration.ts';
import { fail } from './errors.ts';
import { follow } from './follow.ts';
import { openSender } from './send.ts';
import { serveCalls } from './serve-calls.ts';
import { endStanding, takeStanding } from './standing.ts';

export interface AgentIo {
  readonly place: CallsPlace;
  readonly readStdin: () => Promise<string>;
  /** The command line of this program, up to the word that makes it an agent. */
  readonly self: readonly string[];
  readonly signal: AbortSignal;
}

/** @returns what is to be printed */
export async function runAgent(drivers: DriverRunner, words: readonly string[], io: AgentIo): Promise<string> {
  const [first = '', ...rest] = words;
  if (first === 'follow') return runFollower(drivers, rest[0] ?? '', io);
  if (first === 'stop') {
    await endStanding(io.place.folder, called(rest).hostId);
    return '';
  }
  const configuration = readAgentConfiguration(called(words), decodeStdin(await io.readStdin()));
  const message = await firstLook(drivers, configuration, io.signal);
  await startDetached([...io.self, 'follow', JSON.stringify(configuration)]);
  return message;
}

function called(words: readonly string[]) {
  const [driver, hostId = '', host] = words;
  if (driver === undefined || host === undefined || !/^\d+$/.test(hostId)) throw fail('AGENT_CALL_UNCLEAR', { words });
  return { driver, hostId: Number(hostId), host };
}

/** In the order in which they stand in MONITOR_MESSAGES. */
const FIRST_LOOKS: readonly (readonly [type: MonitorReport['type'], probe: string])[] = [
  ['SYSTEM_HOST', 'system'],
  ['MONITOR_HOST', 'monitor'],
  ['STATE_VM', 'state'],
  ['MONITOR_VM', 'vms'],
];

async function firstLook(
  drivers: DriverRunner,
  { driver, hostId, host, datastoreLocation }: AgentConfiguration,
  signal: AbortSignal,
): Promise<string> {
  const stdin = group('MONITOR_CONFIGURATION', group('DATASTORE_LOCATION', datastoreLocation));
  const argv = [driver, `${hostId}`, host];
  const texts = await Promise.all(
    FIRST_LOOKS.map(async ([type, action]) => {
      const text = await drivers.run({ family: 'im', driver, action, argv, stdin, signal });
      return group(type, Buffer.from(text).toString('base64'));
    }),
  );
  return group('MONITOR_MESSAGES', ...texts, group('TIMESTAMP', `${Math.floor(Date.now() / 1000)}`));
}

/** An action's answer goes by one_vmm_exec to oned. What is told of a command before it would be overwritten by it. */
const SETTLE_SECONDS = 2;

async function runFollower(drivers: DriverRunner, given: string, { place, signal }: AgentIo): Promise<string> {
  const configuration: AgentConfiguration = JSON.parse(given);
  const { hostId, host: name, datastoreLocation, monitord } = configuration;
  // Ends last: its calls may take longer than the next agent waits for its place.
  await using afterwards = new AsyncDisposableStack();
  await using standing = await takeStanding(place.folder, hostId);
  afterwards.use(await serveCalls(drivers, await callsSocket(place)));
  const send = await openSender(monitord, hostId);
  await follow(drivers, {
    configuration,
    // Space of each system datastore is that of the location they all lie in, which is reported.
    host: { id: hostId, name, datastoreLocation, systemDatastoreIds: [], settleSeconds: SETTLE_SECONDS },
    send,
    signal: AbortSignal.any([signal, standing.signal]),
  });
  return '';
}
