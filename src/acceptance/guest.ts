/**
 * What is seen of the VM from outside. ONEDock lends each container a busybox, so a START_SCRIPT can count the VM's starts
 * in a file of its root disk and serve it: with that a restart and what it has kept are proven by one request.
 */
import { connect } from 'node:net';

/** Of the range that nobody has registered (IANA, dynamic ports). */
const PORT = 61_847;

const START_SCRIPT = `bb=/.onedock/busybox
$bb mkdir -p /onedock-test
echo start >>/onedock-test/starts
$bb httpd -p ${PORT} -h /onedock-test
`;

/** Goes into the VM's CONTEXT. */
export const START_SCRIPT_BASE64 = Buffer.from(START_SCRIPT).toString('base64');

const ATTEMPT_SECONDS = 2;

/** How often the VM has started, by what it serves; undefined while nothing answers. */
export async function countStarts(address: string): Promise<number | undefined> {
  const signal = AbortSignal.timeout(ATTEMPT_SECONDS * 1000);
  const answer = await fetch(`http://${address}:${PORT}/starts`, { signal }).catch(() => undefined);
  if (!answer?.ok) return undefined;
  return (await answer.text()).split('\n').filter((line) => line === 'start').length;
}

/** Whether packets come to an address and back: whatever is there answers, be it with a refusal. */
export async function isReached(address: string, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: address, port: PORT, timeout: ATTEMPT_SECONDS * 1000, signal });
  socket.once('connect', () => resolve(true));
  socket.once('timeout', () => resolve(false));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
