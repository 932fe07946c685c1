/** How a resource of a cloud reaches its OpenNebula. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Client, createClient } from '../../../src/opennebula/client/client.ts';
import { fail } from '../../errors.ts';

export const connectionInput = z
  .object({
    endpoint: z.string().describe('URL of the XML-RPC API, as `http://10.0.0.2:2633/RPC2`.'),
    session: z.string().describe('`user:password` or `user:token`.'),
  })
  .optional()
  .describe(
    'Which OpenNebula, and as whom. By default the environment decides, as for the commands: ONE_XMLRPC, ONE_AUTH.',
  );

export type Connection = z.output<typeof connectionInput>;

/** Runs `use` with a client that is closed afterwards. */
export async function withClient<T>(connection: Connection, use: (client: Client) => Promise<T>): Promise<T> {
  using client = createClient(connection ?? connectionFromEnvironment());
  return await use(client);
}

function connectionFromEnvironment(): NonNullable<Connection> {
  const { ONE_XMLRPC: endpoint = 'http://localhost:2633/RPC2', ONE_AUTH = join(homedir(), '.one', 'one_auth') } =
    process.env;
  try {
    const session = readFileSync(ONE_AUTH, 'utf8').split('\n', 1)[0]?.trim() ?? '';
    return { endpoint, session };
  } catch (cause) {
    throw fail('STACK_SESSION_MISSING', { file: ONE_AUTH }, cause);
  }
}
