import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HostCertificate } from '../../../src/transport/host-certificate.ts';
import { distrust, hasAuthority, parseKnownHosts } from '../../../src/transport/known-hosts.ts';
import { wireString } from '../../../src/transport/ssh-wire.ts';

const key = (text: string) => Buffer.concat([wireString('ssh-ed25519'), wireString(text)]);
const line = (hosts: string, text: string) => `${hosts} ssh-ed25519 ${key(text).toString('base64')} comment`;
const ask = (
  file: string,
  host = 'host-1',
  port = 22,
  presented = 'ours',
  shown: HostCertificate | undefined = undefined,
) => distrust(parseKnownHosts(file), { host, port, key: key(presented), now: 1000 }, shown);

describe('pinned keys', () => {
  it.each([
    ['the name', line('host-1', 'ours'), 'host-1', 22],
    ['one of several names', line('host-0,host-1', 'ours'), 'host-1', 22],
    ['a pattern', line('host-*', 'ours'), 'host-1', 22],
    ['a pattern of one character', line('host-?', 'ours'), 'host-1', 22],
    ['a name on another port', line('[host-1]:2222', 'ours'), 'host-1', 2222],
    ['one of two keys', `${line('host-1', 'old')}\n${line('host-1', 'ours')}`, 'host-1', 22],
  ])('trusts a key by %s', (_, file, host, port) => {
    expect(ask(file, host, port)).toBeUndefined();
  });

  it('trusts a hashed name', () => {
    const salt = Buffer.from('0123456789abcdef0123');
    const hash = createHmac('sha1', salt).update('host-1').digest('base64');
    expect(ask(line(`|1|${salt.toString('base64')}|${hash}`, 'ours'))).toBeUndefined();
  });

  it.each([
    ['the file is empty', '', 'No line of the file is about it'],
    ['only others are known', line('host-2', 'ours'), 'No line of the file is about it'],
    ['the name stands for another port', line('[host-1]:2222', 'ours'), 'No line of the file is about it'],
    ['the name is excluded', line('host-*,!host-1', 'ours'), 'No line of the file is about it'],
    ['a name only begins like it', line('host-11', 'ours'), 'No line of the file is about it'],
    ['the key is another', line('host-1', 'theirs'), 'Its key differs from the one that is known'],
    ['the key is revoked', `${line('host-1', 'ours')}\n@revoked ${line('*', 'ours')}`, 'Its key has been revoked'],
    ['the line is a comment', `# ${line('host-1', 'ours')}`, 'No line of the file is about it'],
  ])('trusts nobody when %s', (_, file, reason) => {
    expect(ask(file)).toBe(reason);
  });
});

describe('authorities', () => {
  const authority = `@cert-authority ${line('host-*', 'authority')}`;
  const certificate = (fields: Partial<HostCertificate> = {}): HostCertificate => ({
    hostKey: key('ours'),
    authorityKey: key('authority'),
    principals: ['host-1'],
    validAfter: 0n,
    validBefore: 10n,
    signedPart: Buffer.alloc(0),
    signature: Buffer.alloc(0),
    ...fields,
  });

  it.each([
    ['there is none', undefined, 'It shows no certificate'],
    ['it is for another key', certificate({ hostKey: key('other') }), 'Its certificate is for another key'],
    [
      'another authority signed it',
      certificate({ authorityKey: key('x') }),
      'Its certificate is signed by an unknown authority',
    ],
    [
      'it is for another name',
      certificate({ principals: ['host-2'] }),
      'Its certificate cannot be used: it is for host-2',
    ],
    ['its time is over', certificate(), 'Its certificate cannot be used: it has expired'],
    [
      'its time has not come',
      certificate({ validAfter: 2000n, validBefore: 3000n }),
      'Its certificate cannot be used: it is not valid yet',
    ],
  ])('a certificate is refused when %s', (_, shown, reason) => {
    expect(ask(authority, 'host-1', 22, 'ours', shown)).toBe(reason);
  });

  it('are asked about the hosts that their line names', () => {
    expect(hasAuthority(parseKnownHosts(authority), 'host-7', 22)).toBe(true);
    expect(hasAuthority(parseKnownHosts(authority), 'other', 22)).toBe(false);
    expect(hasAuthority(parseKnownHosts(line('host-1', 'ours')), 'host-1', 22)).toBe(false);
  });

  it('are not needed where the key is pinned', () => {
    expect(ask(`${authority}\n${line('host-1', 'ours')}`)).toBeUndefined();
  });

  it('may be revoked', () => {
    const file = `${authority}\n@revoked ${line('*', 'authority')}`;
    expect(ask(file, 'host-1', 22, 'ours', certificate())).toBe('The authority of its certificate has been revoked');
  });
});
