/**
 * Which hosts are trusted: OpenSSH's `known_hosts` (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT") with pinned keys,
 * `@cert-authority` and `@revoked` lines, wildcards and hashed names.
 */
import { createHmac } from 'node:crypto';
import { certificateProblem, type HostCertificate } from './host-certificate.ts';

export interface KnownHost {
  readonly marker: 'pinned' | 'cert-authority' | 'revoked';
  /** The names, as the line has them. */
  readonly hosts: string;
  readonly key: Buffer;
}

/** Lines that are not understood are left out, as OpenSSH does. */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split('\n').flatMap((line): KnownHost[] => {
    const fields = line.trim().split(/\s+/);
    const marker = MARKERS[fields[0] ?? ''];
    const [hosts = '', , key = ''] = marker ? fields.slice(1) : fields;
    if (hosts === '' || hosts.startsWith('#') || hosts.startsWith('@') || key === '') return [];
    return [{ marker: marker ?? 'pinned', hosts, key: Buffer.from(key, 'base64') }];
  });
}

const MARKERS: Readonly<Record<string, KnownHost['marker']>> = {
  '@cert-authority': 'cert-authority',
  '@revoked': 'revoked',
};

export interface PresentedKey {
  readonly host: string;
  readonly port: number;
  /** The key that the server has, in SSH's form. */
  readonly key: Buffer;
  /** Epoch seconds. */
  readonly now: number;
}

/** Whether an authority could vouch for a server, so that its certificate has to be asked for. */
export function hasAuthority(known: readonly KnownHost[], host: string, port: number): boolean {
  return known.some(({ marker, hosts }) => marker === 'cert-authority' && matchesHost(hosts, host, port));
}

/**
 * Why a server is not trusted; nothing when it is.
 * @param shown  the certificate that it has shown, if any
 */
export function distrust(
  known: readonly KnownHost[],
  presented: PresentedKey,
  shown: HostCertificate | undefined,
): string | undefined {
  const { host, port, key, now } = presented;
  const lines = known.filter(({ hosts }) => matchesHost(hosts, host, port));
  if (lines.some((line) => line.marker === 'revoked' && line.key.equals(key))) return 'Its key has been revoked';
  const pinned = lines.filter((line) => line.marker === 'pinned');
  if (pinned.some((line) => line.key.equals(key))) return undefined;

  const authorities = lines.filter((line) => line.marker === 'cert-authority');
  if (authorities.length === 0) {
    const sameType = pinned.some((line) => keyType(line.key) === keyType(key));
    return sameType ? 'Its key differs from the one that is known' : 'No line of the file is about it';
  }
  if (!shown) return 'It shows no certificate';
  if (!shown.hostKey.equals(key)) return 'Its certificate is for another key';
  if (!authorities.some((line) => line.key.equals(shown.authorityKey)))
    return 'Its certificate is signed by an unknown authority';
  if (lines.some((line) => line.marker === 'revoked' && line.key.equals(shown.authorityKey)))
    return 'The authority of its certificate has been revoked';
  const problem = certificateProblem(shown, host, now);
  return problem === undefined ? undefined : `Its certificate cannot be used: ${problem}`;
}

/** A name on another port than 22 stands in brackets. */
function matchesHost(hosts: string, host: string, port: number): boolean {
  const name = port === 22 ? host : `[${host}]:${port}`;
  if (hosts.startsWith('|1|')) return matchesHash(hosts, name);
  const patterns = hosts.split(',');
  const hit = (pattern: string) => globToRegExp(pattern).test(name) || (pattern === '*' && port !== 22);
  if (patterns.some((pattern) => pattern.startsWith('!') && hit(pattern.slice(1)))) return false;
  return patterns.some(hit);
}

function matchesHash(hosts: string, name: string): boolean {
  const [, , salt = '', hash = ''] = hosts.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function globToRegExp(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
}

/** A key begins with its type's name, as a string. */
function keyType(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE()).toString();
}
