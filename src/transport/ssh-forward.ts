import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import type { SshTransport } from './ssh.ts';

/** A port of this machine's loopback that leads to one of another machine's. */
export interface ForwardedPort extends AsyncDisposable {
  readonly port: number;
}

/** Forwards a port of the loopback of the machine at the other end of `ssh`, which is the forwarding's from then on. */
export async function forwardPort(ssh: SshTransport, remotePort: number): Promise<ForwardedPort> {
  await ssh.connect();
  const server = createServer(async (near) => {
    near.on('error', () => {});
    try {
      const far = await ssh.openPort(remotePort);
      pipeline(near, far, near, () => {});
    } catch {
      // Whoever has connected sees that the connection ends, as with a port where nobody listens.
      near.destroy();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      await ssh[Symbol.asyncDispose]();
    },
  };
}
