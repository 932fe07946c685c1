/**
 * Answers that are held until there is news. OpenNebula's API has no way to wait, so clients ask again and again. One that
 * asks for an object with `Prefer: wait=20` (RFC 7240) is told a tag of the answer, as `ETag`; with that tag in
 * `If-None-Match` it gets the next answer as soon as the object differs, or when the seconds are over. Others see nothing
 * of this, and an OpenNebula that does not know it answers at once, without a tag.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { decodeCall } from '../../opennebula/xmlrpc.ts';
import { answer, answerInParts } from './answer.ts';
import type { Exposed, Peer } from './exposed-method.ts';

export interface Hold {
  readonly seconds: number;
  /** Of the answer that the client has. */
  readonly known: string | undefined;
}

export interface HeldAnswer {
  readonly parts: Iterable<string>;
  /** Undefined when nobody can tell of news about what the call asks for. */
  readonly tag: string | undefined;
}

/** As long as idle connections live at most, between two proxies as well. */
const LONGEST_SECONDS = 30;

/** What a client prefers; undefined when it does not want to wait. */
export function holdOf({ prefer, 'if-none-match': known }: IncomingHttpHeaders): Hold | undefined {
  const seconds = /(?:^|[,;\s])wait=(\d{1,9})(?:$|[,;\s])/.exec(String(prefer ?? ''))?.[1];
  return seconds === undefined ? undefined : { seconds: Math.min(Number(seconds), LONGEST_SECONDS), known };
}

/** Answers a call once its answer differs from the one that is known. Never throws. @param signal  nobody waits any more */
export async function answerWithNews(
  body: string,
  exposed: Exposed,
  peer: Peer,
  hold: Hold,
  signal: AbortSignal,
): Promise<HeldAnswer> {
  using watch = watchFor(body, exposed);
  if (!watch) return { parts: await answerInParts(body, exposed, peer), tag: undefined };
  const over = AbortSignal.any([signal, AbortSignal.timeout(hold.seconds * 1000)]);
  for (;;) {
    const text = await answer(body, exposed, peer);
    const tag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    if (tag !== hold.known || over.aborted) return { parts: [text], tag };
    await watch.change(over);
  }
}

function watchFor(body: string, { watch }: Exposed) {
  try {
    const { method, params } = decodeCall(body);
    const id = params[1];
    return typeof id === 'number' ? watch?.(method, id) : undefined;
  } catch {
    // It is answered with what is wrong with it.
    return undefined;
  }
}
