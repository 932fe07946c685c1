import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { DockerHttp } from '../../../../src/drivers/docker/docker-http.ts';

const SWITCHES = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';

describe('a conversation', () => {
  it('that is lost before anybody reads it tells its reader, and ends nothing else', async () => {
    const [ours, theirs] = duplexPair();
    const http = new DockerHttp('host-1', async () => ours);
    const opened = http.upgrade({ method: 'POST', path: '/v1.41/exec/e/start', timeoutSeconds: 10 });
    await once(theirs, 'data');
    theirs.write(`${SWITCHES}hello`);
    const stream = await opened;
    // `once` of node:events would hear of the error as well.
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    ours.once('close', close).destroy(new Error('The network is down'));
    await closed;
    await expect(Array.fromAsync(stream)).rejects.toThrow('The network is down');
  });
});
