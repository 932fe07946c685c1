/** How a user authenticates, and with what: the options and what is stored. */
import { createHash, createPublicKey } from 'node:crypto';
import { flag, text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import type { Run } from '../run.ts';

export const READ_FILE = flag({
  name: 'read_file',
  short: '-r',
  long: '--read-file',
  help: 'The password is the name of a file',
});

export const SHA256 = flag({ name: 'sha256', long: '--sha256', help: 'Send the SHA-256 digest of the password' });

export const SSH = flag({ name: 'ssh', long: '--ssh', help: 'Authenticate by SSH keys' });

export const X509 = flag({ name: 'x509', long: '--x509', help: 'Authenticate by X.509 certificates' });

export const KEY = text({
  name: 'key',
  short: '-k',
  long: '--key',
  argument: 'path_to_private_key_pem',
  help: 'Private key of the user',
});

export const DRIVER = text({
  name: 'driver',
  long: '--driver',
  argument: 'driver',
  help: 'How the user authenticates',
});

export const AUTH_OPTIONS = [READ_FILE, SHA256, SSH, X509, KEY, DRIVER];

export function driver(run: Run): string | undefined {
  return run.has(SSH) ? 'ssh' : run.has(X509) ? 'x509' : run.get(DRIVER);
}

/** What is stored for the user: a password, its digest, the name in a certificate or a public key. */
export function password(run: Run, typed: string | undefined): string {
  if (typed === undefined) return driver(run) === 'ssh' ? publicKey(run, run.get(KEY)) : '';
  const file = run.has(READ_FILE) ? run.io.readFile(typed) : undefined;
  if (run.has(READ_FILE) && file === undefined) throw new Refusal(`Cannot read file: ${typed}`);
  const plain = file === undefined ? typed : (file.split('\n')[0] ?? '');
  const named = driver(run) === 'x509' ? plain.replaceAll(' ', '\\20') : plain;
  return run.has(SHA256) || driver(run) === 'server_cipher' ? createHash('sha256').update(named).digest('hex') : named;
}

/** The public half of a private key, in base64 without the lines around it, as the ssh driver stores it. */
export function publicKey(run: Run, path: string | undefined): string {
  if (path === undefined) throw new Refusal('You have to specify the --key option');
  const pem = run.io.readFile(path);
  if (pem === undefined) throw new Refusal(`Cannot read ${path}`);
  const exported = createPublicKey(pem).export({ type: 'spki', format: 'pem' });
  return String(exported)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('-----'))
    .join('');
}
