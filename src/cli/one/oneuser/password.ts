/** How a user authenticates, and with what: the options and what is stored. */
import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { flag, text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import type { Run } from '../run.ts';

const READ_FILE = flag({
  name: 'read_file',
  short: '-r',
  long: '--read-file',
  help: 'The password is the name of a file',
});

const SHA256 = flag({ name: 'sha256', long: '--sha256', help: 'Send the SHA-256 digest of the password' });

const SSH = flag({ name: 'ssh', long: '--ssh', help: 'Authenticate by SSH keys' });

const X509 = flag({ name: 'x509', long: '--x509', help: 'Authenticate by X.509 certificates' });

export const KEY = text({
  name: 'key',
  short: '-k',
  long: '--key',
  argument: 'path_to_private_key_pem',
  help: 'Private key of the user',
});

const CERTIFICATE = text({
  name: 'cert',
  short: '-c',
  long: '--cert',
  argument: 'path_to_user_cert_pem',
  help: 'Certificate of the user; X509_USER_CERT names one too',
});

const DRIVER = text({
  name: 'driver',
  long: '--driver',
  argument: 'driver',
  help: 'How the user authenticates',
});

export const AUTH_OPTIONS = [READ_FILE, SHA256, SSH, X509, KEY, CERTIFICATE, DRIVER];

export function driver(run: Run): string | undefined {
  return run.has(SSH) ? 'ssh' : run.has(X509) ? 'x509' : run.get(DRIVER);
}

/** What the drivers make of a file when no password is given. */
const passwordOf: Readonly<Record<string, (run: Run) => string>> = {
  ssh: (run) => publicKey(run, run.get(KEY)),
  x509: (run) => subjectName(run, run.get(CERTIFICATE) ?? run.io.env.X509_USER_CERT),
};

/** What is stored for the user: a password, its digest, the name in a certificate or a public key. */
export function password(run: Run, typed: string | undefined): string {
  if (typed === undefined) return passwordOf[driver(run) ?? '']?.(run) ?? '';
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

/** The name in a certificate as the x509 driver stores it: `/C=ES/CN=user`, a blank as `\20`. */
function subjectName(run: Run, path: string | undefined): string {
  if (path === undefined) throw new Refusal('You have to specify the --cert option');
  const pem = run.io.readFile(path);
  if (pem === undefined) throw new Refusal(`Cannot read ${path}`);
  const parts = new X509Certificate(pem).subject.split('\n');
  return parts
    .map((part) => `/${part}`)
    .join('')
    .replaceAll(' ', '\\20');
}
