import { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { Duplex, duplexPair } from 'node:stream';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { joinWrites, prepareKeys } from '../../../src/transport/ssh-packets.ts';

const CIPHERS = [
  { cipher: 'aes128-gcm@openssh.com', sends: '_encKey', receives: '_decipherKey' },
  { cipher: 'aes128-ctr', sends: '_macKey', receives: '_macKey' },
] as const;

describe('transport/ssh-packets', () => {
  it.each(CIPHERS)('$cipher has key objects, and also after keys were changed', async ({ cipher, sends, receives }) => {
    const client = new ssh2.Client();
    prepareKeys(client);
    await using server = await connectTo(client, cipher);
    const { _protocol: protocol } = client as unknown as Internals;

    expect(protocol._cipher[sends]).toBeInstanceOf(KeyObject);
    expect(protocol._decipher[receives]).toBeInstanceOf(KeyObject);
    expect(await echo(client, 'first')).toBe('first');

    const before = protocol._cipher[sends];
    const changed = once(client, 'handshake');
    server.connection.rekey();
    await changed;
    expect(protocol._cipher[sends]).toBeInstanceOf(KeyObject);
    expect(protocol._cipher[sends]).not.toBe(before);
    expect(await echo(client, 'second')).toBe('second');
  });

  it('writes of one turn leave as one piece, in order, and those of the next as another', async () => {
    const pieces: string[] = [];
    const socket = joinWrites(
      new Duplex({
        read() {},
        writev(chunks, done) {
          pieces.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString());
          done();
        },
      }),
    );
    for (const part of ['length ', 'content ', 'tag']) socket.write(part);
    expect(pieces).toEqual([]);
    await new Promise(setImmediate);
    socket.write('more');
    socket.end();
    await once(socket, 'finish');
    expect(pieces).toEqual(['length content tag', 'more']);
  });
});

interface Internals {
  readonly _protocol: Readonly<Record<'_cipher' | '_decipher', Readonly<Record<string, unknown>>>>;
}

/** A server in this process that answers every command with its own words. */
async function connectTo(client: ssh2.Client, cipher: ssh2.CipherAlgorithm) {
  const { private: hostKey } = ssh2.utils.generateKeyPairSync('ed25519');
  const server = new ssh2.Server({ hostKeys: [hostKey] });
  const [near, far] = duplexPair();
  const connected = new Promise<ssh2.Connection>((resolve) => server.once('connection', resolve));
  server.once('connection', (connection) => {
    connection.on('authentication', (context) => context.accept());
    connection.on('session', (accept) =>
      accept().on('exec', (take, _refuse, { command }) => {
        const channel = take();
        channel.write(command);
        channel.exit(0);
        channel.end();
      }),
    );
  });
  server.injectSocket(far as never);
  const ready = once(client, 'ready');
  client.connect({ sock: joinWrites(near), username: 'oneadmin', algorithms: { cipher: [cipher] } });
  const [connection] = await Promise.all([connected, ready]);
  return {
    connection,
    async [Symbol.asyncDispose]() {
      client.end();
      await once(client, 'close');
    },
  };
}

async function echo(client: ssh2.Client, words: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  client.exec(words, (error, channel) => {
    if (error) return reject(error);
    let said = '';
    channel.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    channel.on('close', () => resolve(said));
  });
  return await promise;
}
