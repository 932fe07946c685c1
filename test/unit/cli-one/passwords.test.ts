/** What is stored for users who do not authenticate by passwords: public keys, and the names in certificates. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type } from './type.ts';

const answers = { 'one.user.allocate': 2, 'one.user.chauth': 2 };

describe('oneuser create', () => {
  it('stores the public half of an SSH key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const files = new Map([['/key', String(privateKey.export({ type: 'pkcs8', format: 'pem' }))]]);
    const { calls } = await type('oneuser create eve --ssh --key /key', answers, { files });
    const stored = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    expect(calls).toEqual([['one.user.allocate', 'eve', stored, 'ssh', []]]);
  });

  it('stores the name in a certificate', async () => {
    const files = new Map([['/cert', CERTIFICATE]]);
    const { calls } = await type('oneuser create eve --x509 --cert /cert', answers, { files });
    expect(calls).toEqual([['one.user.allocate', 'eve', '/C=ES/O=ONE\\20Lab/CN=eve', 'x509', []]]);
    const named = await type('oneuser chauth 2 --x509', answers, { files, env: { X509_USER_CERT: '/cert' } });
    expect(named.calls).toEqual([['one.user.chauth', 2, 'x509', '/C=ES/O=ONE\\20Lab/CN=eve']]);
  });

  it.each([
    ['oneuser create eve --ssh', 'You have to specify the --key option\n'],
    ['oneuser create eve --x509', 'You have to specify the --cert option\n'],
    ['oneuser create eve --x509 --cert /nowhere', 'Cannot read /nowhere\n'],
  ])('wants what it takes: %s', async (line, stderr) => {
    expect(await type(line, answers)).toMatchObject({ stdout: '', stderr, exitCode: 255 });
  });
});

/** Self-signed, of /C=ES/O=ONE Lab/CN=eve. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBsTCCAVegAwIBAgIUA07hwqprEcoXsKdM0koDj9ldC5cwCgYIKoZIzj0EAwIw
LTELMAkGA1UEBhMCRVMxEDAOBgNVBAoMB09ORSBMYWIxDDAKBgNVBAMMA2V2ZTAg
Fw0yNjExMjQwMTI4MjJaGA8yMTI2MTAzMTAxMjgyMlowLTELMAkGA1UEBhMCRVMx
EDAOBgNVBAoMB09ORSBMYWIxDDAKBgNVBAMMA2V2ZTBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABL6xGpEw/zB3m59n4vvtpvZh73YkESK6Vn82PF94a4rhDuKEMdJl
ohKeEjMaT38K3K3lKc3sTgu6jv/EmaiOdD2jUzBRMB0GA1UdDgQWBBRtmyEUVSIX
ZIQYXyC1cP5iOwqkszAfBgNVHSMEGDAWgBRtmyEUVSIXZIQYXyC1cP5iOwqkszAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIAJVyrmr57nIDGyS3R1z
giwAIPdoMXUMYS6G4198loh/AiEAgtc0CbMyE+PscsCMn7IwEWo9dqZjAxZJzFEg
ZVVZeVc=
-----END CERTIFICATE-----
`;
