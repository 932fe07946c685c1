/** Where OpenNebula is and who asks: options, environment and files, in OCA's order (src/oca/ruby, 7.4). */
import type { Io } from './io.ts';
import { Refusal } from './refusal.ts';

const ADMIN_HOME = '/var/lib/one';
const DEFAULT_ENDPOINT = 'http://localhost:2633/RPC2';

export function findEndpoint({ env, readFile }: Pick<Io, 'env' | 'readFile'>): string {
  const [fromFile] = homes(env).flatMap((home) => readFile(`${home}/.one/one_endpoint`)?.trim() || []);
  return env.ONE_XMLRPC || fromFile || DEFAULT_ENDPOINT;
}

/** First line of the first file of credentials that is there. */
export function findSession({ env, readFile }: Pick<Io, 'env' | 'readFile'>): string {
  const paths = [env.ONE_AUTH || [], ...homes(env).map((home) => `${home}/.one/one_auth`)].flat();
  for (const path of paths) {
    const session = readFile(path)?.split('\n', 1)[0]?.trim();
    if (session !== undefined) return session;
  }
  throw new Refusal('ONE_AUTH file not present');
}

/** File into which a login token is written. */
export function authPath(env: Io['env']): string {
  return env.ONE_AUTH || `${homes(env)[0]}/.one/one_auth`;
}

/** Seconds that one call may take, undefined for the client's own choice. */
export function findTimeoutSeconds(env: Io['env']): number | undefined {
  const seconds = Number(env.ONE_XMLRPC_TIMEOUT);
  return seconds > 0 ? seconds : undefined;
}

function homes(env: Io['env']): string[] {
  return [env.HOME || [], ADMIN_HOME].flat();
}
