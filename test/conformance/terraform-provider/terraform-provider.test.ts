/**
 * OpenNebula's provider for Terraform, unmodified, against the embedded front-end with dummy drivers: its acceptance
 * tests, and the example of the documentation. `TERRAFORM_PROVIDER_SOURCE` names a checkout of it, and `GOCA_SOURCE` the
 * folder of goca where Go's proxy has none for it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFrontendVerb, type VerbFrontend } from '../../support/frontend-verb.ts';
import { type GoModule, type GoSuite, type Outcome, openGoModule, whyNoGoModule } from '../../support/go-module.ts';
import { readSource } from '../../support/source-files.ts';

/** What the provider's own CI writes into oned.conf, and a KVM driver without defaults (no OS/MACHINE). */
const CONFIG = `INHERIT_VNET_ATTR = "DNS"
INHERIT_VNET_ATTR = "GATEWAY"
INHERIT_VNET_ATTR = "METHOD"
VM_MAD = [ NAME = "kvm" ]
`;

/** Speak to OneFlow, which is no part of the front-end. */
const NOT_HERE = ['TestAccService', 'TestAccServiceScale', 'TestAccServiceTemplate'];

/** The tests ask for it, and reach it where they need it alone. */
const NO_ONEFLOW = 'http://127.0.0.1:9';

/** The provider sleeps more than it computes; a front-end each keeps its tests apart. */
const AT_ONCE = 6;

const GOCA = 'github.com/OpenNebula/one/src/oca/go/src/goca';
const { TERRAFORM_PROVIDER_SOURCE = '', GOCA_SOURCE } = process.env;
const missing = await whyNoGoModule('TERRAFORM_PROVIDER_SOURCE', ['go', 'terraform']);

describe.skipIf(missing)(`the provider for Terraform${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let provider: GoModule;

  beforeAll(async () => {
    provider = await openGoModule(TERRAFORM_PROVIDER_SOURCE, GOCA_SOURCE ? { [GOCA]: GOCA_SOURCE } : {});
  });

  afterAll(() => provider?.[Symbol.asyncDispose]());

  it('passes its own tests', async () => {
    const suite = await provider.suite('./opennebula');
    const names = (await suite.list()).filter((name) => !NOT_HERE.includes(name));
    const parts = Array.from({ length: AT_ONCE }, (_, part) => names.filter((_, i) => i % AT_ONCE === part));
    const ended = (await Promise.all(parts.map((part) => accept(suite, part)))).flat();
    expect(ended.filter(({ passed }) => !passed)).toEqual([]);
    expect(ended.map(({ name }) => name).sort()).toEqual(names.toSorted());
  }, 3_600_000);

  it('makes what the documentation shows, sees no change in it, and removes it', async () => {
    const folder = await provider.program('terraform-provider-opennebula', '.');
    await using frontend = await startFrontendVerb('');
    const [, example = ''] =
      /^```hcl\n# main.tf\n(.*?)^```/ms.exec(readSource('docs/how-to/connect-a-client.md')) ?? [];
    const cwd = join(folder, 'example');
    await mkdir(cwd);
    await writeFile(join(cwd, 'main.tf'), example);
    const rc = join(folder, 'terraformrc');
    await writeFile(
      rc,
      `provider_installation {\n  dev_overrides {\n    "OpenNebula/opennebula" = "${folder}"\n  }\n}\n`,
    );
    const terraform = (...args: readonly string[]) =>
      execa('terraform', [...args, '-no-color'], { cwd, env: environment(frontend, rc) });
    expect((await terraform('apply', '-auto-approve')).stdout).toContain('Resources: 2 added, 0 changed, 0 destroyed.');
    expect((await terraform('plan')).stdout).toContain('No changes.');
    expect((await terraform('destroy', '-auto-approve')).stdout).toContain('Resources: 2 destroyed.');
  }, 900_000);
});

async function accept(suite: GoSuite, names: readonly string[]): Promise<readonly Outcome[]> {
  const { stdout: terraform } = await execa('which', ['terraform']);
  await using frontend = await startFrontendVerb(CONFIG);
  const args = ['-test.timeout', '60m', '-test.run', `^(${names.join('|')})$`];
  const acceptance = { TF_ACC: '1', TF_ACC_TERRAFORM_PATH: terraform, OPENNEBULA_FLOW_ENDPOINT: NO_ONEFLOW };
  return await suite.run(args, { ...environment(frontend, '/dev/null'), ...acceptance });
}

/** @param rc Terraform's own configuration, in place of the user's */
function environment(frontend: VerbFrontend, rc: string): Record<string, string> {
  return {
    TF_CLI_CONFIG_FILE: rc,
    CHECKPOINT_DISABLE: '1',
    OPENNEBULA_ENDPOINT: frontend.endpoint,
    OPENNEBULA_USERNAME: frontend.user,
    OPENNEBULA_PASSWORD: frontend.password,
  };
}
