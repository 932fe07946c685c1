/** How a resource of a cloud reaches its OpenNebula. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { type Client, createClient } from '../../../src/opennebula/client/client.ts';
import { endpointOf, readSession } from '../../../src/sandbox/front-end.ts';
import { fail } from '../../errors.ts';
import { OUT_OF_SIGHT } from '../resource.ts';
import { type SandboxInput, sandboxInput, servicesOf } from '../testbed/sandbox-input.ts';

const server = z.strictObject({
  endpoint: z.string().describe('URL of the XML-RPC API, as `http://10.0.0.2:2633/RPC2`.'),
  session: z.string().describe('`user:password` or `user:token`.'),
});

export const connectionInput = z
  .union([server, z.strictObject({ sandbox: sandboxInput })])
  .optional()
  .describe(
    'Which OpenNebula, and as whom: `endpoint` (URL of the XML-RPC API) and `session` (`user:password`), or the `connection` of a FrontEnd. By default the environment decides, as for the commands: ONE_XMLRPC, ONE_AUTH.',
  );

export type Connection = z.output<typeof connectionInput>;
type Server = z.output<typeof server>;

/** Runs `use` with a client that is closed afterwards. @throws STACK_FRONT_END_OFF */
export async function withClient<T>(connection: Connection, use: (client: Client) => Promise<T>): Promise<T> {
  const found = await findServer(connection);
  if (found === undefined || found === OUT_OF_SIGHT) throw fail('STACK_FRONT_END_OFF', {});
  using client = createClient(found);
  return await use(client);
}

/** The same for looking: undefined where OpenNebula is gone with its machine, OUT_OF_SIGHT while that is off. */
export async function withClientIfThere<T>(
  connection: Connection,
  use: (client: Client) => Promise<T>,
): Promise<T | typeof OUT_OF_SIGHT | undefined> {
  const found = await findServer(connection);
  if (found === undefined || found === OUT_OF_SIGHT) return found;
  using client = createClient(found);
  return await use(client);
}

async function findServer(connection: Connection): Promise<Server | typeof OUT_OF_SIGHT | undefined> {
  if (connection === undefined) return serverFromEnvironment();
  return 'sandbox' in connection ? serverOfSandbox(connection.sandbox) : connection;
}

async function serverOfSandbox(sandbox: SandboxInput): Promise<Server | typeof OUT_OF_SIGHT | undefined> {
  const services = await servicesOf(sandbox);
  const { networks, machines } = await services.testbed.look(sandbox.name);
  const machine = machines.find(({ role }) => role === 'frontend');
  if (machine === undefined) return undefined;
  if (networks === undefined || !machine.running) return OUT_OF_SIGHT;
  return { endpoint: endpointOf(networks), session: await readSession(services, sandbox.name) };
}

function serverFromEnvironment(): Server {
  const { ONE_XMLRPC: endpoint = 'http://localhost:2633/RPC2', ONE_AUTH = join(homedir(), '.one', 'one_auth') } =
    process.env;
  try {
    const session = readFileSync(ONE_AUTH, 'utf8').split('\n', 1)[0]?.trim() ?? '';
    return { endpoint, session };
  } catch (cause) {
    throw fail('STACK_SESSION_MISSING', { file: ONE_AUTH }, cause);
  }
}
