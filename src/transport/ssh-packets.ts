/**
 * What a packet of `ssh2` 1.17 costs this process, made less: commands and requests to engines are many and small. Both
 * reach into what the library does not offer; where its insides are others, packets are as dear as they were.
 */
import { createSecretKey } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

/**
 * Keys become objects. The library makes a cipher for every packet, and Node 24 tries whether bytes are a key object by an
 * error that it throws and catches (lib/internal/crypto/keys.js, isKeyObject), which takes five times what enciphering does.
 */
export function prepareKeys(client: Client): void {
  // Also after keys were changed, which either side asks for after an hour or a gigabyte.
  client.on('handshake', () => {
    const { _cipher, _decipher } = (client as unknown as ClientInternals)._protocol ?? {};
    for (const holder of [_cipher, _decipher]) {
      if (!holder) continue;
      for (const name of KEYS) {
        const key = holder[name];
        if (Buffer.isBuffer(key)) holder[name] = createSecretKey(key);
      }
    }
  });
}

const KEYS = ['_encKey', '_decipherKey', '_macKey'] as const;

/** lib/protocol/crypto.js: ciphers that are made for each packet hold one of these, others a key for the check sum. */
type KeyHolder = { [Name in (typeof KEYS)[number]]?: unknown };

interface ClientInternals {
  readonly _protocol?: { readonly _cipher?: KeyHolder; readonly _decipher?: KeyHolder };
}

/**
 * What is written in one go leaves as one piece. The library writes a packet in three parts, each of which would be a call of
 * the system, a segment on the wire, and a process at the other end that wakes.
 */
export function joinWrites(socket: Duplex): Duplex {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let isHeld = false;
  const letGo = () => {
    isHeld = false;
    socket.uncork();
  };
  socket.write = (...args: unknown[]) => {
    if (!isHeld) {
      isHeld = true;
      socket.cork();
      process.nextTick(letGo);
    }
    return write(...args);
  };
  return socket;
}
