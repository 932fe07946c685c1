/** The client's way to its endpoint: one POST per call, over connections that are kept open between calls. */
import { messageOf } from '../../errors/thrown.ts';
import { httpFor } from '../../node-http.ts';
import { fail } from './errors.ts';

export interface Channel extends Disposable {
  /** Sends a call's body and returns the answer. `method` is for errors only. */
  post(method: string, body: string, hold?: Hold): Promise<Answer>;
}

/** The wish that an answer be held until there is news (src/frontend/xmlrpc/held-answer.ts). */
export interface Hold {
  readonly seconds: number;
  /** Of the answer before. */
  readonly tag: string | undefined;
}

export interface Answer {
  readonly body: string;
  /** Where the front-end can hold answers. */
  readonly tag: string | undefined;
}

export interface ChannelOptions {
  /** As in `http://localhost:2633/RPC2`. */
  readonly endpoint: string;
  /** How long one call may take. */
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal;
}

/** Idle connections are closed before the front-end closes them (KEEPALIVE_TIMEOUT, 15 s), so none breaks in use. */
const IDLE_MS = 4_000;

/** MAX_CONN of oned's default configuration. */
const MAX_CONNECTIONS = 15;

export function openChannel({ endpoint, timeoutSeconds, signal }: ChannelOptions): Channel {
  const url = new URL(endpoint);
  const { request, Agent } = httpFor(url);
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: IDLE_MS });
  // Answers that are held leave those connections to others.
  const patientAgent = new Agent({ keepAlive: true });

  return {
    post: (method, body, hold) =>
      new Promise((resolve, reject) => {
        const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
        const outgoing = request(url, {
          method: 'POST',
          agent: hold ? patientAgent : agent,
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
          headers: {
            'Content-Type': 'text/xml; charset=utf-8',
            'Content-Length': Buffer.byteLength(body),
            ...(hold && { Prefer: `wait=${hold.seconds}` }),
            ...(hold?.tag !== undefined && { 'If-None-Match': hold.tag }),
          },
        });
        const giveUp = (error: Error) => {
          if (signal?.aborted) reject(signal.reason);
          else if (timeout.aborted) reject(fail('CALL_TIMED_OUT', { method, endpoint, timeoutSeconds }, error));
          else reject(fail('ENDPOINT_UNREACHABLE', { endpoint }, readable(error)));
        };
        outgoing.on('error', giveUp);
        outgoing.on('response', (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('error', giveUp);
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => {
            const { statusCode = 0, headers } = incoming;
            if (statusCode === 200) {
              const isHeld = headers['preference-applied'] === 'wait';
              resolve({ body: Buffer.concat(chunks).toString('utf8'), tag: isHeld ? headers.etag : undefined });
            } else {
              const found = `HTTP status ${statusCode} and ${headers['content-type'] ?? 'no content type'}`;
              reject(fail('ENDPOINT_NOT_OPENNEBULA', { endpoint, found }));
            }
          });
        });
        outgoing.end(body);
      }),
    [Symbol.dispose]() {
      agent.destroy();
      patientAgent.destroy();
    },
  };
}

/** Connecting to a name with several addresses fails with an error for each, and none of its own. */
function readable(error: Error): Error {
  if (!(error instanceof AggregateError)) return error;
  const messages = new Set(error.errors.map(messageOf));
  return new Error([...messages].join('; '));
}
