/** The way to the API of a sandbox: its front-end's address, and what oneadmin logs in with. */
import { OnedockError } from '../errors/onedock-error.ts';
import type { Client } from '../opennebula/client/client.ts';
import { type WaitOptions, waitUntil } from '../opennebula/client/wait.ts';
import { addressAt } from './cidr.ts';
import { fail } from './errors.ts';
import type { Subnets } from './free-subnets.ts';
import { FRONT_END, FRONT_END_OFFSET } from './layout.ts';
import type { Services } from './services.ts';
import { type CloudState, lookAtCloud } from './state.ts';
import { isAbsent, type TestbedState } from './testbed.ts';

/** A front-end that does not answer within this time is as good as none. */
const LOOK_SECONDS = 10;

const API_PORT = 2633;

const AUTH_FILE = '/var/lib/one/.one/one_auth';

/** Where the front-end takes calls. */
export function endpointOf({ management }: Pick<Subnets, 'management'>): string {
  return `http://${addressAt(management, FRONT_END_OFFSET)}:${API_PORT}/RPC2`;
}

/** Where this process reaches the API: at the front-end's own address, or at this end of a way to it. */
export async function reachApi(
  { testbed }: Pick<Services, 'testbed'>,
  sandbox: string,
  subnets: Pick<Subnets, 'management'>,
): Promise<{ readonly endpoint: string } & AsyncDisposable> {
  const way = await testbed.forward?.(sandbox, FRONT_END, API_PORT);
  const endpoint = way ? `http://127.0.0.1:${way.port}/RPC2` : endpointOf(subnets);
  return { endpoint, [Symbol.asyncDispose]: async () => way?.[Symbol.asyncDispose]() };
}

/** What oneadmin logs in with, `user:password`. */
export async function readSession({ testbed }: Pick<Services, 'testbed'>, sandbox: string): Promise<string> {
  await using machine = testbed.transport(sandbox, FRONT_END);
  return (await machine.run(['cat', AUTH_FILE])).stdout.trim();
}

/** @throws SANDBOX_MISSING */
export async function networksOf({ testbed }: Pick<Services, 'testbed'>, sandbox: string): Promise<Subnets> {
  const { networks } = await testbed.look(sandbox);
  if (networks === undefined) throw fail('SANDBOX_MISSING', { sandbox, others: await testbed.sandboxes() });
  return networks;
}

/** How other processes of this machine reach the API of a sandbox that is there. @throws SANDBOX_MISSING, API_OUT_OF_REACH */
export async function findAccess(
  { testbed }: Pick<Services, 'testbed'>,
  sandbox: string,
): Promise<{ readonly endpoint: string; readonly session: string }> {
  const networks = await networksOf({ testbed }, sandbox);
  if (testbed.forward) throw fail('API_OUT_OF_REACH', { sandbox });
  return { endpoint: endpointOf(networks), session: await readSession({ testbed }, sandbox) };
}

/** A client as oneadmin. */
export async function connectToFrontEnd(
  services: Pick<Services, 'testbed' | 'connect'>,
  sandbox: string,
  subnets: Pick<Subnets, 'management'>,
  options: { readonly timeoutSeconds?: number } = {},
): Promise<Client> {
  const session = await readSession(services, sandbox);
  const way = await reachApi(services, sandbox, subnets);
  const client = services.connect(way.endpoint, session, options);
  return {
    ...client,
    [Symbol.dispose]() {
      client[Symbol.dispose]();
      way[Symbol.asyncDispose]();
    },
  };
}

/** A client of a sandbox that is there. @throws SANDBOX_MISSING, FRONT_END_DOWN */
export async function clientOf(
  services: Pick<Services, 'testbed' | 'connect'>,
  sandbox: string,
  state: TestbedState,
  options: { readonly timeoutSeconds?: number } = {},
): Promise<Client> {
  const { networks, machines } = state;
  if (isAbsent(state)) throw fail('SANDBOX_MISSING', { sandbox, others: await services.testbed.sandboxes() });
  const runs = machines.some(({ role, running }) => role === 'frontend' && running);
  if (networks === undefined || !runs) throw fail('FRONT_END_DOWN', { sandbox });
  return connectToFrontEnd(services, sandbox, networks, options);
}

/** Resolves when calls are answered. */
export async function waitForFrontEnd(client: Client, options: WaitOptions): Promise<void> {
  await waitUntil({
    awaited: 'OpenNebula',
    look: () =>
      client.system.version().then(
        () => 'answering',
        (error: Error) => error.message,
      ),
    done: (seen) => seen === 'answering',
    describe: (seen) => seen,
    ...options,
  });
}

/**
 * What the cloud holds; undefined while no front-end answers, or one that does not know the calls.
 * @throws what a front-end that answers refuses
 */
export async function findCloud(
  services: Pick<Services, 'testbed' | 'connect'>,
  sandbox: string,
  state: TestbedState,
): Promise<CloudState | undefined> {
  if (isAbsent(state)) return undefined;
  try {
    using client = await clientOf(services, sandbox, state, { timeoutSeconds: LOOK_SECONDS });
    return await lookAtCloud(client);
  } catch (error) {
    if (error instanceof OnedockError && NOBODY_ANSWERS.has(error.code)) return undefined;
    throw error;
  }
}

/**
 * A machine whose making was killed may run without a front-end, or without what oneadmin logs in with; a front-end of
 * another release may not know a call.
 */
const NOBODY_ANSWERS: ReadonlySet<string> = new Set([
  'FRONT_END_DOWN',
  'ENDPOINT_UNREACHABLE',
  'CALL_TIMED_OUT',
  'CALL_FAULT',
  'MACHINE_NOT_RUNNING',
  'COMMAND_FAILED',
  'COMMAND_KILLED',
]);
