/** Messages to monitord, as its agents send them (src/im_mad/remotes/lib/monitord_client.rb, 7.4). */
import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { MonitorReport } from '../contract/driver-runner.ts';

export interface AgentMessage {
  readonly type: MonitorReport['type'];
  readonly isSuccess: boolean;
  readonly text: string;
}

/** What PKCS#1 v1.5 takes of each block. */
const PADDING_BYTES = 11;

/** @param publicKey  PEM @param epoch  seconds */
export function printMessage(
  { type, isSuccess, text }: AgentMessage,
  { hostId, epoch, publicKey }: { readonly hostId: number; readonly epoch: number; readonly publicKey?: string },
): string {
  const data = publicKey === undefined ? Buffer.from(text) : encrypt(Buffer.from(text), publicKey);
  const payload = deflateSync(data, { level: 9 }).toString('base64');
  return `${type} ${isSuccess ? 'SUCCESS' : 'FAILURE'} ${hostId} ${epoch} ${payload}`;
}

function encrypt(data: Buffer, pem: string): Buffer {
  const key = createPublicKey(pem);
  const size = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8 - PADDING_BYTES;
  const blocks = Array.from({ length: Math.ceil(data.length / size) }, (_, i) =>
    data.subarray(i * size, (i + 1) * size),
  );
  return Buffer.concat(blocks.map((block) => publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, block)));
}
