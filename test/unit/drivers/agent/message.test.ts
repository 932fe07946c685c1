import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { printMessage } from '../../../../src/drivers/agent/message.ts';

const payloadOf = (line: string) => inflateSync(Buffer.from(line.split(' ').at(-1) ?? '', 'base64'));

describe('a message to monitord', () => {
  it('is type, result, host, time and the zipped text', () => {
    const line = printMessage({ type: 'STATE_VM', isSuccess: true, text: 'VM=[ID="7"]' }, { hostId: 4, epoch: 99 });
    expect(line).toMatch(/^STATE_VM SUCCESS 4 99 [A-Za-z0-9+/=]+$/);
    expect(payloadOf(line).toString()).toBe('VM=[ID="7"]');
  });

  it('reads as what OpenNebula itself sends', () => {
    // BEACON_HOST of a running 7.4.0 (shared by its probes): an epoch.
    const [, payload] = ['', 'eNozNLc0NTE1tjQ2AAALbAIP'];
    expect(payloadOf(`x ${payload}`).toString()).toBe('1795453930');
  });

  it('tells of failure', () => {
    const line = printMessage({ type: 'BEACON_HOST', isSuccess: false, text: 'gone' }, { hostId: 4, epoch: 99 });
    expect(line).toMatch(/^BEACON_HOST FAILURE 4 99 /);
  });

  it('is encrypted in blocks where a key is given', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const text = 'x'.repeat(600);
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const line = printMessage({ type: 'SYSTEM_HOST', isSuccess: true, text }, { hostId: 1, epoch: 1, publicKey: pem });
    const data = payloadOf(line);
    const blocks = Array.from({ length: data.length / 256 }, (_, i) => data.subarray(i * 256, (i + 1) * 256));
    const padding = constants.RSA_PKCS1_PADDING;
    expect(blocks.map((block) => privateDecrypt({ key: privateKey, padding }, block).toString()).join('')).toBe(text);
  });
});
