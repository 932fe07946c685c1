import { describe, expect, it } from 'vitest';
import { copyArguments } from '../../../../src/drivers/registry/skopeo.ts';

describe('copyArguments', () => {
  const common = [
    '--override-os=linux',
    '--override-arch=arm64',
    'copy',
    '--quiet',
    '--retry-times=2',
    '--remove-signatures',
  ];

  it('ask for words when somebody listens to them', () => {
    const [from, to] = [{ name: 'oci:/a' }, { name: 'oci:/b' }];
    expect(copyArguments(from, to, { architecture: 'amd64', onPart: () => {} })).not.toContain('--quiet');
  });

  it('names files with credentials and certificates, and no secret', () => {
    const from = { name: 'docker://hub:5001/app:1', certificates: '/run/hub' };
    const to = {
      name: 'docker://registry:5000/onedock/image-1:latest',
      authFile: '/run/auth.json',
      certificates: '/run/own',
    };
    expect(copyArguments(from, to, { architecture: 'arm64' })).toEqual([
      ...common,
      '--src-no-creds',
      '--src-cert-dir=/run/hub',
      '--dest-authfile=/run/auth.json',
      '--dest-cert-dir=/run/own',
      'docker://hub:5001/app:1',
      'docker://registry:5000/onedock/image-1:latest',
    ]);
  });

  it('logs in nowhere for a file, and leaves certificates unchecked only where it is told to', () => {
    const from = { name: 'oci:/var/tmp/layout', authFile: '/run/auth.json' };
    const to = { name: 'docker://registry:5000/a:1', insecure: true };
    expect(copyArguments(from, to, { architecture: 'arm64' })).toEqual([
      ...common,
      '--dest-no-creds',
      '--dest-tls-verify=false',
      'oci:/var/tmp/layout',
      'docker://registry:5000/a:1',
    ]);
  });
});
