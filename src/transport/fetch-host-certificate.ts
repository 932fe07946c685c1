/**
 * Asks an SSH server for its host certificate. The library `ssh2` cannot negotiate one, but a server hands it to anybody:
 * it stands in the clear in the answer to the first key exchange (RFC 4253, 7 and 8). So this opens a connection of its
 * own, asks for certificates only, reads the one that comes, and leaves. Nothing is believed by that: the certificate proves
 * itself by its signature, and the server proves on the real connection that it has the key in it.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { CERTIFICATE_TYPES } from './host-certificate.ts';
import { WireReader, wireString, wireUint32 } from './ssh-wire.ts';
import { TurnedAway } from './turned-away.ts';

const MESSAGE = { KEXINIT: 20, KEX_ECDH_INIT: 30, KEX_ECDH_REPLY: 31 } as const;

/**
 * @param socket  to the server; it is closed
 * @returns nothing when the server has no certificate
 * @throws TurnedAway, or the socket's error, when it cannot be reached
 */
export async function fetchHostCertificate(socket: Duplex, timeoutSeconds: number): Promise<Buffer | undefined> {
  const timer = setTimeout(() => socket.destroy(new Error('The server does not answer.')), timeoutSeconds * 1000);
  try {
    return await readCertificate(socket);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

async function readCertificate(socket: Duplex): Promise<Buffer | undefined> {
  socket.write('SSH-2.0-ONEDock\r\n');
  socket.write(packet(keyExchangeInit()));
  socket.write(packet(Buffer.concat([Buffer.from([MESSAGE.KEX_ECDH_INIT]), wireString(ephemeralKey())])));
  for await (const message of messages(socket)) {
    if (message[0] === MESSAGE.KEX_ECDH_REPLY) return new WireReader(message.subarray(1)).string();
  }
  return undefined;
}

function keyExchangeInit(): Buffer {
  const lists = [
    'curve25519-sha256,curve25519-sha256@libssh.org',
    CERTIFICATE_TYPES.join(','),
    ...['aes128-ctr,aes256-ctr,chacha20-poly1305@openssh.com', 'aes128-ctr,aes256-ctr,chacha20-poly1305@openssh.com'],
    ...['hmac-sha2-256,hmac-sha2-512', 'hmac-sha2-256,hmac-sha2-512'],
    ...['none', 'none'],
    ...['', ''],
  ];
  const noGuessFollows = Buffer.alloc(1);
  return Buffer.concat([
    Buffer.from([MESSAGE.KEXINIT]),
    randomBytes(16),
    ...lists.map(wireString),
    noGuessFollows,
    wireUint32(0),
  ]);
}

/** A public key that nobody keeps the private half of: the exchange is not completed. */
function ephemeralKey(): Buffer {
  const { publicKey } = generateKeyPairSync('x25519');
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}

/** A message in the clear: length, length of the padding, data, padding to a multiple of 8. */
function packet(payload: Buffer): Buffer {
  const padding = 8 - ((payload.length + 5) % 8) + 8;
  const header = Buffer.concat([wireUint32(payload.length + padding + 1), Buffer.from([padding])]);
  return Buffer.concat([header, payload, randomBytes(padding)]);
}

/** Messages behind the line with which the server introduces itself. */
async function* messages(socket: Duplex): AsyncGenerator<Buffer> {
  let data: Buffer = Buffer.alloc(0);
  let introduced = false;
  for await (const chunk of socket) {
    data = Buffer.concat([data, chunk]);
    while (!introduced) {
      const end = data.indexOf('\n');
      if (end < 0) break;
      introduced = data.subarray(0, end).toString('latin1').startsWith('SSH-');
      data = data.subarray(end + 1);
    }
    while (introduced && data.length >= 5 && data.length >= 4 + data.readUInt32BE()) {
      const length = data.readUInt32BE();
      yield data.subarray(5, 4 + length - data.readUInt8(4));
      data = data.subarray(4 + length);
    }
    if (data.length > MOST_BYTES) return;
  }
  if (!introduced) throw new TurnedAway('The connection was closed at once.');
}

/** More than any key exchange needs: what sends it is no SSH server. */
const MOST_BYTES = 256 * 1024;
