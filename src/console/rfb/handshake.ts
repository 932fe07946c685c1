/**
 * The beginning of a connection (RFC 6143, 7.1 to 7.3): versions 3.3, 3.7 and 3.8 of the protocol, no security or a
 * password.
 */
import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { ByteReader } from './byte-reader.ts';
import { CHALLENGE_LENGTH, isRightResponse } from './vnc-authentication.ts';

const NO_SECURITY = 1;
const VNC_AUTHENTICATION = 2;
const OK = 0;
const FAILED = 1;

/** `shook`: the client may go on. `refused`: it gave a wrong password. `gone`: it left, or speaks something else. */
export type HandshakeResult = 'shook' | 'refused' | 'gone';

/** @param password  none means that everybody is let in */
export async function shakeHands(reader: ByteReader, writer: Writable, password: string): Promise<HandshakeResult> {
  writer.write('RFB 003.008\n');
  const minor = minorVersion(await reader.read(12));
  if (minor === undefined) return 'gone';
  const security = password === '' ? NO_SECURITY : VNC_AUTHENTICATION;
  if (minor === 3) writer.write(unsigned32(security));
  else {
    writer.write(Buffer.of(1, security));
    if ((await reader.read(1))?.readUInt8(0) !== security) return 'gone';
  }
  if (security === VNC_AUTHENTICATION) {
    const challenge = randomBytes(CHALLENGE_LENGTH);
    writer.write(challenge);
    const response = await reader.read(CHALLENGE_LENGTH);
    if (!response) return 'gone';
    if (!isRightResponse(challenge, response, password)) {
      writer.write(unsigned32(FAILED));
      if (minor === 8) writer.write(Buffer.concat([unsigned32(REASON.length), Buffer.from(REASON)]));
      return 'refused';
    }
  }
  // Without security only 3.8 tells the result.
  if (minor === 8 || security === VNC_AUTHENTICATION) writer.write(unsigned32(OK));
  // Whether the client wants to be alone: everybody sees the same console.
  return (await reader.read(1)) ? 'shook' : 'gone';
}

const REASON = 'The password is wrong.';

/** Unknown versions are treated as 3.3, as the document asks for. */
function minorVersion(line: Buffer | undefined): 3 | 7 | 8 | undefined {
  const [, major, minor] = /^RFB (\d{3})\.(\d{3})\n$/.exec(line?.toString('latin1') ?? '') ?? [];
  if (major === undefined || Number(major) < 3) return undefined;
  if (Number(major) > 3 || Number(minor) >= 8) return 8;
  return Number(minor) === 7 ? 7 : 3;
}

function unsigned32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
