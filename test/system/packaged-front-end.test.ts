/** The front-end `opennebula`: a sandbox whose OpenNebula comes from packages, here stand-ins of the same names and places. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SuiteResult } from '../../src/acceptance/run.ts';
import {
  PACKAGED_VERSION,
  type PackageRepository,
  startPackageRepository,
  whyNoPackages,
} from '../support/package-repository.ts';
import { noSandbox, TestSandbox } from '../support/test-sandbox.ts';

const missing = noSandbox() ?? whyNoPackages();
const title = 'a front-end of OpenNebula’s packages';

describe.skipIf(missing)(missing === undefined ? title : `${title} (skipped: ${missing})`, () => {
  const management = '10.219.94.0/24';
  let repository: PackageRepository;
  let sandbox: TestSandbox;

  const declare = (source: string) =>
    writeFile(
      join(sandbox.folder, 'sandbox.yaml'),
      `name: ${sandbox.name}\nhosts: 1\nsubnets: { management: ${management}, vms: 10.219.96.0/20 }\nfrontEnd: opennebula\nopennebula: { ${source} }\n`,
    );
  const onFrontEnd = (script: string) => sandbox.on('frontend', 'sh', '-c', script);

  beforeAll(async () => {
    repository = await startPackageRepository();
    sandbox = await TestSandbox.create();
  });
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]();
    await repository?.[Symbol.asyncDispose]();
  });

  it('says so when there is no repository at the address, and leaves nothing', async () => {
    await declare(`repository: "http://10.219.94.1:1", key: ${repository.keyFile}`);
    const { exitCode, stderr } = await sandbox.run('up');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[REPOSITORY_OUT_OF_REACH]')]);
    expect(stderr).toContain('opennebula.directory');
    expect((await sandbox.json('status')).machines).toEqual([]);
  });

  it('is installed from a signed repository, with the drivers, and runs a VM whose page answers', async () => {
    await declare(
      `repository: "http://10.219.94.1:${repository.port}", key: ${repository.keyFile}, version: ${PACKAGED_VERSION}`,
    );
    const { pages } = await sandbox.json('up');
    expect(await (await fetch(pages[0].url)).text()).toContain('It works');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders.
    expect(await onFrontEnd("dpkg-query --show --showformat='${Package} ${Version}\\n' 'opennebula*'")).toBe(
      ['opennebula', 'opennebula-fireedge', 'opennebula-gate', 'opennebula-tools']
        .map((name) => `${name} ${PACKAGED_VERSION}`)
        .join('\n'),
    );
    expect(await onFrontEnd('systemctl is-active opennebula opennebula-fireedge opennebula-gate')).toBe(
      'active\nactive\nactive',
    );
    expect(
      await onFrontEnd(
        'readlink -f /proc/$(systemctl show -P MainPID opennebula)/exe; systemctl show -P FragmentPath opennebula',
      ),
    ).toBe('/usr/lib/onedock-node/bin/node\n/lib/systemd/system/opennebula.service');
  });

  it('has what `onedock install` brings: entries in oned.conf, scripts, settings', async () => {
    expect(await onFrontEnd('grep -c "^# ONEDock:" /etc/one/oned.conf /etc/one/monitord.conf')).toBe(
      '/etc/one/oned.conf:2\n/etc/one/monitord.conf:2',
    );
    expect(
      await onFrontEnd(
        'tail -n 1 /var/lib/one/remotes/tm/onedock/clone; stat -c %U /var/lib/one/remotes/tm/onedock/clone',
      ),
    ).toMatch(/drivers\.js.*\noneadmin$/);
    expect(await onFrontEnd('onevm list')).toBe('stand-in of opennebula-tools');
    expect(await sandbox.one('onedatastore', 'show', '0')).toMatch(/^TM_MAD +: onedock/m);
    expect(await sandbox.one('onevnet', 'show', 'vms')).toMatch(/VN_MAD="onedock"|VN_MAD\s+: onedock/);
  });

  it('is not changed by a second `up`', async () => {
    expect(await sandbox.json('up')).toMatchObject({ changed: false, steps: [] });
  });

  it('passes the suite for users', async () => {
    const { trials } = (await sandbox.json('test')) as SuiteResult;
    expect(trials.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it('goes without a trace', async () => {
    await sandbox.ok('down', '--yes');
  });
});
