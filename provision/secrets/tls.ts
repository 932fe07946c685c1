/** A certificate authority of a sandbox, and what it signs, by openssl. All keys are ECDSA on P-256. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from '../command.ts';
import { ensureSecret } from './secret-folder.ts';

export interface TlsIdentity {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly folder: string;
}

/** A sandbox lives for days; ten years mean that it never ends by its certificates. */
const DAYS = '3650';

export async function ensureTlsAuthority(folder: string, commonName: string): Promise<TlsIdentity> {
  const place = await ensureSecret(folder, 'tls-authority', async (draft) => {
    const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
    await request(draft, commonName, extensions, []);
  });
  return readIdentity(place);
}

/** A server's certificate for names and addresses; `alternativeNames` as openssl writes them: `DNS:x`, `IP:x`. */
export async function ensureServerCertificate(
  folder: string,
  server: { readonly name: string; readonly alternativeNames: readonly string[] },
  authority: TlsIdentity,
): Promise<TlsIdentity> {
  const place = await ensureSecret(folder, `tls/${server.name}`, async (draft) => {
    const extensions = [
      'basicConstraints=critical,CA:FALSE',
      'extendedKeyUsage=serverAuth',
      `subjectAltName=${server.alternativeNames.join(',')}`,
    ];
    const signer = ['-CA', join(authority.folder, 'cert.pem'), '-CAkey', join(authority.folder, 'key.pem')];
    await request(draft, server.name, extensions, signer);
  });
  return readIdentity(place);
}

async function request(
  folder: string,
  commonName: string,
  extensions: readonly string[],
  signer: readonly string[],
): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(folder, 'key.pem')];
  const subject = ['-subj', `/O=ONEDock/CN=${commonName}`, ...extensions.flatMap((each) => ['-addext', each])];
  await $`openssl req -x509 -sha256 -days ${DAYS} ${key} ${subject} ${signer} -out ${join(folder, 'cert.pem')}`;
}

async function readIdentity(folder: string): Promise<TlsIdentity> {
  const [certificate, key] = await Promise.all([
    readFile(join(folder, 'cert.pem'), 'utf8'),
    readFile(join(folder, 'key.pem'), 'utf8'),
  ]);
  return { certificate, key, folder };
}
