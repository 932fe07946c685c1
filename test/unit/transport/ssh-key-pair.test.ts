import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateProblem, parseHostCertificate } from '../../../src/transport/host-certificate.ts';
import { certifyHost, type KeyTexts, makeKeyPair } from '../../../src/transport/ssh-key-pair.ts';

const NOW = 1_800_000_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onedock-keys-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const sshKeygen = (...args: string[]) => execFileSync('ssh-keygen', args, { encoding: 'utf8' });

function written(name: string, { privateKey, publicKey }: KeyTexts): string {
  const path = join(folder, name);
  writeFileSync(path, privateKey, { mode: 0o600 });
  writeFileSync(`${path}.pub`, publicKey);
  return path;
}

function made(type: string, ...options: string[]): KeyTexts {
  const path = join(mkdtempSync(join(folder, 'made-')), type);
  sshKeygen('-q', '-t', type, ...options, '-N', '', '-C', 'of another', '-f', path);
  return { privateKey: readFileSync(path, 'utf8'), publicKey: readFileSync(`${path}.pub`, 'utf8') };
}

describe('a key', () => {
  it.each(['', 'a', 'root@host', 'with blanks in it'])(
    'is one that OpenSSH reads, its comment “%s” included',
    (comment) => {
      const pair = makeKeyPair(comment);
      const path = written('key', pair);
      expect(sshKeygen('-y', '-P', '', '-f', path).trim()).toBe(pair.publicKey.trim());
    },
  );

  it('signs what its public half verifies, as OpenSSH does both', () => {
    const path = written('signing', makeKeyPair('me'));
    const message = join(folder, 'message');
    writeFileSync(message, 'hello');
    sshKeygen('-q', '-Y', 'sign', '-n', 'file', '-f', path, message);
    writeFileSync(join(folder, 'allowed'), `me ${readFileSync(`${path}.pub`, 'utf8')}`);
    const verify = ['-Y', 'verify', '-n', 'file', '-I', 'me', '-f', join(folder, 'allowed'), '-s', `${message}.sig`];
    expect(execFileSync('ssh-keygen', verify, { input: 'hello', encoding: 'utf8' })).toContain('Good "file" signature');
  });

  it('is another each time', () => {
    expect(makeKeyPair('x').publicKey).not.toBe(makeKeyPair('x').publicKey);
  });
});

describe('a certificate', () => {
  const types = [['ed25519'], ['ecdsa', '-b', '384'], ['rsa', '-b', '2048']];

  it.each(types)('for a key of type %s is one that OpenSSH reads and we accept', (type, ...options) => {
    const authority = makeKeyPair('authority');
    const { publicKey } = made(type as string, ...options);
    const line = certifyHost({ publicKey, keyId: 'host-1', principals: ['host-1', '10.0.0.7'] }, authority);
    const path = join(folder, `${type}-cert.pub`);
    writeFileSync(path, line);

    const shown = sshKeygen('-L', '-f', path);
    expect(shown).toContain('host certificate');
    expect(shown).toContain('Key ID: "host-1"');
    expect(shown).toContain('Valid: forever');
    expect(shown).toMatch(/Principals:\s+host-1\s+10\.0\.0\.7\s+Critical Options: \(none\)/);

    const [, base64 = ''] = line.split(' ');
    const certificate = parseHostCertificate(Buffer.from(base64, 'base64'));
    expect(certificateProblem(certificate, '10.0.0.7', NOW)).toBeUndefined();
    expect(certificate.hostKey.toString('base64')).toBe(publicKey.split(' ')[1]);
    expect(certificate.authorityKey.toString('base64')).toBe(authority.publicKey.split(' ')[1]);
  });

  it('can be signed by a key of ssh-keygen, as sandboxes of earlier releases have', () => {
    const authority = made('ed25519');
    const { publicKey } = makeKeyPair('host');
    const [, base64 = ''] = certifyHost({ publicKey, keyId: 'h', principals: ['h'] }, authority).split(' ');
    expect(certificateProblem(parseHostCertificate(Buffer.from(base64, 'base64')), 'h', NOW)).toBeUndefined();
  });

  it('is refused by an authority of another type', () => {
    const { publicKey } = makeKeyPair('host');
    expect(() => certifyHost({ publicKey, keyId: 'h', principals: ['h'] }, made('rsa', '-b', '2048'))).toThrow(
      'must be ssh-ed25519',
    );
  });
});
