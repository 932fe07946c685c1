import * as pulumi from '@pulumi/pulumi';
import { beforeAll, describe, expect, it } from 'vitest';
import tenant from '../../../stacks/tenant/index.ts';

interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

describe('the tenant project', () => {
  const declared: Declared[] = [];
  const named = (name: string) => declared.find((resource) => resource.name === name);

  beforeAll(async () => {
    await pulumi.runtime.setMocks({
      newResource({ type, name, inputs }) {
        declared.push({ type, name, inputs });
        return { id: String(declared.length), state: { ...inputs, addresses: ['10.200.0.10'] } };
      },
      call: ({ inputs }) => inputs,
    });
    pulumi.runtime.setConfig('project:vms', '3');
    pulumi.runtime.setConfig('project:password', 'secret');
    const outputs = await tenant();
    // The outputs are known when every resource has been declared.
    await new Promise((resolve) => pulumi.output(outputs).apply(resolve));
  });

  it('declares each part once, and as many VMs as asked for', () => {
    const types = declared.map(({ type }) => type.split(':').at(-1));
    expect(types.filter((type) => type === 'VirtualMachine')).toHaveLength(3);
    for (const type of ['Group', 'User', 'Image', 'VirtualNetwork', 'Template']) {
      expect(types.filter((other) => other === type)).toHaveLength(1);
    }
  });

  it('joins them by their ids', () => {
    const idOf = (name: string) => String(declared.findIndex((resource) => resource.name === name) + 1);
    expect(named('user')?.inputs.groupIds).toEqual([Number(idOf('group'))]);
    expect(named('template')?.inputs.attributes).toMatchObject({ DISK: { IMAGE_ID: idOf('image') } });
    expect(named('vm-0')?.inputs).toMatchObject({ name: 'science-0', templateId: Number(idOf('template')) });
  });

  it('gives the user the password of the configuration', () => {
    expect(JSON.stringify(named('user')?.inputs.password)).toContain('secret');
  });
});
