import { describe, expect, it } from 'vitest';
import type { ImageConfig } from '../../../../src/drivers/docker/docker-types.ts';
import {
  containerSpec,
  needsHelpWithContext,
  networkFiles,
} from '../../../../src/drivers/vmm/onedock/container-spec.ts';
import { readVm } from '../../../../src/drivers/vmm/onedock/vm.ts';
import { parseXml } from '../../../../src/opennebula/xml.ts';
import { type VmFields, vmDocument } from '../../../support/vm-documents.ts';

const NOTHING = { capabilities: [], devices: [], volumes: [], gpus: false };

const vm = (fields: Partial<VmFields> = {}) => readVm(parseXml(vmDocument({ id: 5, ...fields })), '/ds/0/5');
const LIMITS = { ...NOTHING, pidsLimit: 100, processors: 2, hasControlGroups: true };
const spec = (config: ImageConfig = { Cmd: ['app'] }, fields: Partial<VmFields> = {}, limits = LIMITS) =>
  containerSpec(vm(fields), { reference: 'r/i@sha256:0', config }, limits);

describe('the command', () => {
  it.each<[string, ImageConfig, readonly string[]]>([
    ['command alone', { Cmd: ['app', '-x'] }, ['boot', 'once', 'app', '-x']],
    ['entry point and command', { Entrypoint: ['/run'], Cmd: ['app'] }, ['boot', 'once', '/run', 'app']],
    ['a shell with something to do', { Cmd: ['/bin/sh', '-c', 'app'] }, ['boot', 'once', '/bin/sh', '-c', 'app']],
    ['a bare shell', { Cmd: ['/bin/bash'] }, ['boot', 'keep', '/bin/bash']],
    ['a bare login shell', { Cmd: ['bash', '-l'] }, ['boot', 'keep', 'bash', '-l']],
    ['none', { Cmd: null, Entrypoint: null }, ['boot', 'keep']],
  ])('of an image with %s stands behind our first process', (_, config, command) => {
    expect(spec(config)).toMatchObject({ Entrypoint: ['/.onedock/busybox', 'sh', '/.onedock/init'], Cmd: command });
  });

  it('keeps the user, the directory and the signal of the image: none is named', () => {
    const made = spec({ User: 'app', WorkingDir: '/srv', StopSignal: 'SIGQUIT', Cmd: ['app'] });
    for (const name of ['User', 'WorkingDir', 'StopSignal', 'Env']) expect(made).not.toHaveProperty(name);
  });

  it('that is a bare shell is stopped by SIGTERM, which our first process minds', () => {
    expect(spec({ Cmd: ['sh'], StopSignal: 'SIGINT' }).StopSignal).toBe('SIGTERM');
  });
});

describe('limits', () => {
  it.each([
    [{ CPU: '0.5' }, 1e9, 512],
    [{ CPU: '1.5' }, 2e9, 1536],
    [{ CPU: '0.5', VCPU: '2' }, 2e9, 512],
    [{ CPU: '1.5', VCPU: '1' }, 1e9, 1536],
    [{ CPU: '8' }, 2e9, 8192],
    [{ CPU: '0.001' }, 1e9, 2],
  ])('%j is %d billionths of a processor and %d shares', (template, nano, shares) => {
    expect(spec(undefined, { template }).HostConfig).toMatchObject({ NanoCpus: nano, CpuShares: shares });
  });

  it('are not asked of an engine that has nothing to keep them by', () => {
    const { HostConfig } = spec(undefined, undefined, { ...LIMITS, hasControlGroups: false });
    for (const name of ['Memory', 'NanoCpus', 'CpuShares', 'PidsLimit']) expect(HostConfig).not.toHaveProperty(name);
  });

  it('memory is without swap, and never less than Docker takes', () => {
    expect(spec(undefined, { template: { MEMORY: '128' } }).HostConfig).toMatchObject({
      Memory: 2 ** 27,
      MemorySwap: 2 ** 27,
    });
    expect(spec(undefined, { template: { MEMORY: '1' } }).HostConfig.Memory).toBe(6 * 2 ** 20);
  });
});

describe('rights', () => {
  it('are no privileges, and none over the host', () => {
    const { HostConfig } = spec();
    expect(HostConfig.Privileged).toBeUndefined();
    expect(HostConfig.CapDrop).toEqual(['ALL']);
    for (const capability of ['NET_ADMIN', 'SYS_ADMIN', 'MKNOD', 'SYS_PTRACE', 'SYS_MODULE', 'SYS_TIME'])
      expect(HostConfig.CapAdd).not.toContain(capability);
  });

  it.each([
    [undefined, []],
    ['root', []],
    ['0:0', []],
    ['app', ['no-new-privileges']],
    ['1000:1000', ['no-new-privileges']],
  ])('of an image with user %j', (user, expected) => {
    expect(spec({ Cmd: ['app'], ...(user && { User: user }) }).HostConfig.SecurityOpt).toEqual(expected);
  });

  it('to apply a context are lacking where the image has another user than root', () => {
    const withKey = vm({ context: { SSH_PUBLIC_KEY: 'k' } });
    expect(needsHelpWithContext(withKey, { User: 'app' })).toBe(true);
    expect(needsHelpWithContext(withKey, { User: 'root' })).toBe(false);
    expect(needsHelpWithContext(vm(), { User: 'app' })).toBe(false);
  });
});

describe('names', () => {
  it('the host is called as the context says, else as the container', () => {
    expect(spec().Hostname).toBe('one-5');
    expect(spec(undefined, { context: { SET_HOSTNAME: 'web' } }).Hostname).toBe('web');
  });

  it('its own name leads to its first address', () => {
    expect(spec().HostConfig.ExtraHosts).toEqual(['one-5:127.0.1.1']);
    const nics = [{ BRIDGE: 'b', IP: '10.0.0.5', MAC: '02:00:0a:00:00:05', DNS: '10.0.0.1' }];
    const { HostConfig } = spec(undefined, { nics, context: { DNS: '10.0.0.1 10.0.0.2' } });
    expect(HostConfig.ExtraHosts).toEqual(['one-5:10.0.0.5']);
    expect(HostConfig.Dns).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('names and name servers are files of the VM, as Docker would write them', () => {
    const nics = [{ BRIDGE: 'b', IP: '10.0.0.5', MAC: '02:00:0a:00:00:05', DNS: '10.0.0.1' }];
    const files = networkFiles(vm({ nics, context: { SET_HOSTNAME: 'web', SEARCH_DOMAIN: 'lab example.org' } }));
    expect(files['shim/resolv.conf']).toBe('nameserver 10.0.0.1\nsearch lab example.org\n');
    expect(files['shim/hosts']).toMatch(/^127\.0\.0\.1\tlocalhost\n(.*\n)*10\.0\.0\.5\tweb\n$/);
    expect(networkFiles(vm())['shim/resolv.conf']).toBe('');
  });
});

describe('mounts', () => {
  it('are the shim and the disks, and the context if there is one', () => {
    const targets = (fields: Partial<VmFields>) =>
      spec(undefined, fields).HostConfig.Mounts?.map(({ Target }) => Target);
    expect(targets({})).toEqual(['/.onedock', '/media']);
    expect(targets({ context: { A: '1' } })).toEqual(['/.onedock', '/media', '/mnt']);
  });

  it('can be written to by nobody; disks below them by their own mode', () => {
    for (const mount of spec().HostConfig.Mounts ?? [])
      expect(mount).toMatchObject({ ReadOnly: true, BindOptions: { ReadOnlyNonRecursive: true } });
    expect(spec().HostConfig.Mounts?.[1]?.BindOptions?.Propagation).toBe('rslave');
  });
});
