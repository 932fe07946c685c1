/**
 * The name server of a front-end: it tells VMs the addresses of others by their names. It reads them from OpenNebula when it
 * is asked, so that nothing has to be told to it, and it serves any front-end.
 */
import type { Socket } from 'node:dgram';
import { type Directory, lookUp } from './directory.ts';
import { isAsked, printReply, readQuestion } from './dns-message.ts';
import { forward } from './forward.ts';

export interface NameServerOptions {
  /** Bound already. */
  readonly sockets: readonly Socket[];
  readonly read: () => Promise<Directory>;
  /** Who knows all other names. */
  readonly servers: readonly string[];
  readonly log: (text: string) => void;
  /** How long what was read holds at least; in a cloud that is long to read, ten times as long as that took. */
  readonly freshMs?: number;
  /** It ends when nobody has asked for so long; never unless given. */
  readonly idleSeconds?: number | undefined;
}

const FRESH_MS = 1000;
/** Further ones are not answered: who asks tries again. */
const MOST_AT_ONCE = 256;

/** Resolves when it ends. Never throws for what comes over the network. */
export async function serveNames(options: NameServerOptions, signal: AbortSignal): Promise<void> {
  const { sockets, servers, log, idleSeconds } = options;
  const read = remembered(options);
  const { promise: idle, resolve: endIdle } = Promise.withResolvers<void>();
  const timer = idleSeconds === undefined ? undefined : setTimeout(endIdle, idleSeconds * 1000);
  let underWay = 0;
  for (const socket of sockets)
    socket.on('message', async (message, { address, port }) => {
      timer?.refresh();
      if (underWay >= MOST_AT_ONCE) return;
      underWay++;
      const answer = await answerTo(message).catch((error: Error) => {
        log(`Names of VMs could not be read: ${error.message}`);
        return printReply(message, readQuestion(message), { code: 'SERVER_FAILURE' });
      });
      underWay--;
      if (answer && !signal.aborted) socket.send(answer, port, address, () => {});
    });
  signal.addEventListener('abort', () => endIdle(), { once: true });
  if (signal.aborted) endIdle();
  await idle;
  clearTimeout(timer);
  for (const socket of sockets) socket.close();

  async function answerTo(message: Buffer): Promise<Buffer | undefined> {
    if (!isAsked(message)) return undefined;
    const question = readQuestion(message);
    if (!question) return printReply(message, undefined, { code: 'FORMAT_ERROR' });
    const reply = lookUp(await read(), question);
    if (reply) return printReply(message, question, reply);
    return (await forward(message, servers, signal)) ?? printReply(message, question, { code: 'REFUSED' });
  }
}

/** Questions that come close together are answered from one look. */
function remembered({ read, freshMs = FRESH_MS }: NameServerOptions): () => Promise<Directory> {
  let last: Promise<Directory> | undefined;
  let freshUntil = 0;
  return () => {
    const begun = performance.now();
    if (last && begun < freshUntil) return last;
    freshUntil = Number.POSITIVE_INFINITY;
    last = read();
    last.then(
      () => {
        const ended = performance.now();
        freshUntil = Math.max(begun + freshMs, ended + (ended - begun) * 10);
      },
      () => {
        last = undefined;
      },
    );
    return last;
  };
}
