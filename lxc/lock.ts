/**
 * A lock between processes of this machine that ends with the process that holds it, however that ends. It is a
 * listening socket in the kernel's abstract namespace (unix(7)): only one process can have its name, it is no file
 * that could stay behind, and who waits is told of its end by the connection that closes.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Runs `work` while nobody else holds the lock of that name; waits for it as long as it takes. */
export async function withLock<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  // The kernel takes 107 bytes; a name may be the path of a file.
  const address = `\0onedock-lock:${createHash('sha256').update(name).digest('hex')}`;
  let lock = await tryLock(address);
  while (lock === undefined) {
    await unlocked(address);
    lock = await tryLock(address);
  }
  await using _held = lock;
  return await work();
}

async function tryLock(address: string): Promise<AsyncDisposable | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    // A waiter that is killed resets its connection.
    socket.on('error', () => {}).once('close', () => waiting.delete(socket));
  });
  if (!(await listens(server, address))) return undefined;
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of waiting) socket.destroy();
    },
  };
}

async function listens(server: Server, address: string): Promise<boolean> {
  server.listen(address);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** Resolves when the holder lets go, or is gone, or there is none. */
async function unlocked(address: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // An error is another way in which the holder ends; `close` follows it.
  connect(address)
    .on('error', () => {})
    .once('close', () => resolve())
    .resume();
  await promise;
}
