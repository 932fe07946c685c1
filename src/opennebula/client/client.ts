/**
 * A client of OpenNebula's XML-RPC API: every call of `calls/` as a typed method under OpenNebula's own name, so
 * `one.vm.allocate` is `client.vm.allocate(template)`. Results are ids, texts or documents; a refusal is a `OneApiError`.
 */
import { decodeResponse, encodeCall, XmlRpcFault, type XmlRpcValue } from '../xmlrpc.ts';
import type { ArgumentsOf, Call, Param, ParamValue, Payload, ResultOf } from './call.ts';
import { CALLS, type Calls } from './calls/index.ts';
import { fail } from './errors.ts';
import { type Channel, type Hold, openChannel } from './http.ts';
import { OneApiError } from './one-api-error.ts';

export interface ClientOptions {
  /** As in `http://localhost:2633/RPC2`. */
  readonly endpoint: string;
  /** `user:password`, or `user:token`. */
  readonly session: string;
  /** How long one call may take; 60 by default. */
  readonly timeoutSeconds?: number;
  /** Ends all calls under way when aborted. */
  readonly signal?: AbortSignal;
}

type Methods = {
  readonly [Group in keyof Calls]: {
    readonly [Method in keyof Calls[Group]]: Calls[Group][Method] extends Call<infer Params, unknown>
      ? (...args: ArgumentsOf<Params>) => Promise<ResultOf<Calls[Group][Method]>>
      : never;
  };
};

/** Holds connections, which the process does not wait for when it ends. */
export interface Client extends Methods, Disposable {
  readonly endpoint: string;
  /** The user's part of the session. */
  readonly userName: string;
  /**
   * A call that has no method here, by its full name, with the session in front of `params`. Whole numbers go as
   * integers.
   * @throws OneApiError
   */
  call(method: string, ...params: readonly ParamValue[]): Promise<Payload>;
  /** For looking at one object again and again. */
  follow<Group extends Followed>(group: Group, id: number): Follower<InfoOf<Group>>;
}

/** What is waited for. */
export type Followed = 'vm' | 'image' | 'host' | 'datastore';
type InfoOf<Group extends Followed> = ResultOf<Calls[Group]['info']>;

export interface Follower<T> {
  /**
   * Shows the object. A front-end that can, as ONEDock's does, answers once it differs from what the last look showed, at
   * the latest after so many seconds.
   */
  look(seconds: number): Promise<T>;
  /** Whether it does: looks need no pauses then. */
  readonly holds: boolean;
}

const DEFAULT_TIMEOUT_SECONDS = 60;

export function createClient(options: ClientOptions): Client {
  const { endpoint, session, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, signal } = options;
  const channel = openChannel({ endpoint, timeoutSeconds, ...(signal ? { signal } : {}) });
  const send = async (method: string, params: readonly ParamValue[]) =>
    (await exchange(channel, endpoint, method, [session, ...params])).payload;
  const methods = mapValues(CALLS, (calls, group) =>
    mapValues(calls as Record<string, Call>, ({ params, decode }, name) => async (...args: ParamValue[]) => {
      return decode(await send(`one.${group}.${name}`, fillIn(params, args)));
    }),
  );
  return {
    ...(methods as unknown as Methods),
    endpoint,
    userName: session.replace(/:.*$/s, ''),
    call: (method, ...params) => send(method, params),
    follow(group, id) {
      const { params, decode } = CALLS[group].info as unknown as Call<readonly Param[], InfoOf<typeof group>>;
      let tag: string | undefined;
      return {
        get holds() {
          return tag !== undefined;
        },
        async look(seconds) {
          const hold = { seconds: Math.ceil(Math.min(seconds, timeoutSeconds / 2)), tag };
          const answer = await exchange(
            channel,
            endpoint,
            `one.${group}.info`,
            [session, ...fillIn(params, [id])],
            hold,
          );
          tag = answer.tag;
          return decode(answer.payload);
        },
      };
    },
    [Symbol.dispose]: () => channel[Symbol.dispose](),
  };
}

async function exchange(
  channel: Channel,
  endpoint: string,
  method: string,
  params: readonly ParamValue[],
  hold?: Hold,
): Promise<{ payload: Payload; tag: string | undefined }> {
  const { body, tag } = await channel.post(method, encodeCall(method, params as XmlRpcValue[]), hold);
  const result = readAnswer(endpoint, method, body);
  if (!Array.isArray(result) || result.length < 3) {
    throw fail('ENDPOINT_NOT_OPENNEBULA', { endpoint, found: 'something else than an array of three' });
  }
  const [success, payload, code] = result as [boolean, Payload, number];
  if (!success) throw new OneApiError(method, code, String(payload));
  return { payload, tag };
}

function readAnswer(endpoint: string, method: string, body: string): XmlRpcValue {
  try {
    return decodeResponse(body);
  } catch (error) {
    if (error instanceof XmlRpcFault) throw fail('CALL_FAULT', { method, code: error.code }, error);
    throw fail('ENDPOINT_NOT_OPENNEBULA', { endpoint, found: 'a body that is not an XML-RPC response' }, error);
  }
}

/** Parameters left out are sent as their fallback: oned takes some of them as mandatory. */
function fillIn(params: readonly Param[], args: readonly ParamValue[]): ParamValue[] {
  return params.map(({ fallback }, i) => args[i] ?? (fallback as ParamValue));
}

function mapValues<T extends object, R>(
  object: T,
  map: (value: T[keyof T], key: keyof T & string) => R,
): Record<keyof T, R> {
  const entries = Object.entries(object) as [keyof T & string, T[keyof T]][];
  return Object.fromEntries(entries.map(([key, value]) => [key, map(value, key)])) as Record<keyof T, R>;
}
