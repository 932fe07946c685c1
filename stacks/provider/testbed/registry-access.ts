/** How a sandbox's registry is reached from the user's machine, out of the settings of the front-end's drivers. */
import { once } from 'node:events';
import { request } from 'node:https';
import type { Transport } from '../../../src/transport/transport.ts';
import { fail } from '../../errors.ts';

/** Provisioning writes it as JSON, which is YAML. */
const SETTINGS = '/etc/one/onedock.yaml';

export interface RegistryAccess {
  readonly server: string;
  readonly address: string;
  readonly user: string;
  readonly password: string;
  readonly authority: string;
}

interface Settings {
  readonly registry: {
    /** `name:port` */
    readonly server: string;
    readonly user: string;
    readonly passwordFile: string;
    readonly caFile: string;
  };
}

/** @param address  IPv4 of the front-end */
export async function readRegistry(frontEnd: Transport, address: string): Promise<RegistryAccess> {
  const read = async (path: string) => (await frontEnd.run(['cat', path])).stdout;
  const { registry } = JSON.parse(await read(SETTINGS)) as Settings;
  const [, port] = registry.server.split(':');
  const [password, authority] = await Promise.all([read(registry.passwordFile), read(registry.caFile)]);
  return {
    server: registry.server,
    address: `${address}:${port}`,
    user: registry.user,
    password: password.trim(),
    authority,
  };
}

const ANSWER_SECONDS = 10;

/** Asks for the API as `docker login` does. @throws STACK_REGISTRY_SILENT */
export async function askRegistry(access: RegistryAccess, signal: AbortSignal): Promise<void> {
  const { server, address, user, password, authority } = access;
  const call = request(`https://${address}/v2/`, {
    servername: server.split(':')[0],
    ca: authority,
    auth: `${user}:${password}`,
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_SECONDS * 1000)]),
  });
  try {
    const [response] = (await once(call.end(), 'response')) as [{ statusCode?: number; resume(): void }];
    response.resume();
    if (response.statusCode !== 200) throw new Error(`It answers ${response.statusCode}.`);
  } catch (cause) {
    signal.throwIfAborted();
    throw fail('STACK_REGISTRY_SILENT', { address }, cause);
  }
}
