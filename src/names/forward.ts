/** Questions about names that are not of VMs go on to the name servers of this machine, and their answers back. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

const ANSWER_SECONDS = 2;

/** The answer of the first server that gives one in time; undefined when none does. */
export async function forward(
  message: Buffer,
  servers: readonly string[],
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  for (const server of servers) {
    const answer = await ask(message, server, signal);
    if (answer) return answer;
  }
  return undefined;
}

/** A socket for each question: its port is not to be guessed, and it hears the server alone. */
async function ask(message: Buffer, server: string, signal: AbortSignal): Promise<Buffer | undefined> {
  const socket = createSocket(isIPv6(server) ? 'udp6' : 'udp4');
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_SECONDS * 1000)]);
  try {
    socket.connect(DNS_PORT, server);
    await once(socket, 'connect', { signal: inTime });
    socket.send(message);
    for (;;) {
      const [answer] = (await once(socket, 'message', { signal: inTime })) as [Buffer];
      if (answer.subarray(0, 2).equals(message.subarray(0, 2))) return answer;
    }
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}

const DNS_PORT = 53;
