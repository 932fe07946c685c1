import { createHash } from 'node:crypto';
import { execPath } from 'node:process';
import { describe, expect, it } from 'vitest';
import { nameOf } from '../../../src/sandbox/load-image.ts';
import { nameServersIn } from '../../../src/sandbox/name-servers.ts';
import { tarArchive } from '../../../src/transport/tar-archive.ts';

describe('tarArchive', () => {
  const archive = tarArchive([
    { path: 'bin/' },
    { path: 'bin/tool', content: '#!/bin/sh\n', mode: 0o755 },
    { path: 'bin/alias', linkTo: 'tool' },
  ]);

  it('is a whole number of blocks and ends in two empty ones', () => {
    expect(archive.length % 512).toBe(0);
    expect(archive.subarray(-1024).every((byte) => byte === 0)).toBe(true);
  });

  it('has headers whose checksums are right', () => {
    const header = Buffer.from(archive.subarray(0, 512));
    const checksum = Number.parseInt(header.toString('latin1', 148, 154), 8);
    header.fill(' ', 148, 156);
    expect(header.reduce((sum, byte) => sum + byte, 0)).toBe(checksum);
  });

  it('has names, modes, kinds and links in their places', () => {
    const headers = [0, 512, 1536].map((offset) => archive.subarray(offset, offset + 512));
    const text = (header: Buffer, from: number, to: number) =>
      header.toString('latin1', from, to).replace(/\0.*$/s, '');
    expect(headers.map((header) => [text(header, 0, 100), text(header, 100, 108), text(header, 156, 157)])).toEqual([
      ['bin/', '0000755', '5'],
      ['bin/tool', '0000755', '0'],
      ['bin/alias', '0000777', '2'],
    ]);
    expect(text(headers[2] as Buffer, 157, 257)).toBe('tool');
  });

  it('is the same for the same contents', () => {
    const digest = () =>
      createHash('sha256')
        .update(tarArchive([{ path: 'a', content: execPath }]))
        .digest('hex');
    expect(digest()).toBe(digest());
  });
});

describe('the name of a loaded image', () => {
  it.each([
    ['docker://registry:5000/team/app:1.2', 'app'],
    ['docker://nginx', 'nginx'],
    ['docker-daemon:myapp:latest', 'myapp'],
    ['./build/app.tar', 'app'],
    ['layouts/app', 'app'],
    ['docker://app@sha256:0123', 'app'],
    ['docker://app?size=512&tag=1', 'app'],
  ])('of %s is %s', (source, name) => {
    expect(nameOf(source)).toBe(name);
  });
});

describe('name servers for VMs', () => {
  it('are those of resolv.conf that another machine can reach', () => {
    const text = '# made by hand\nnameserver 127.0.0.53\nnameserver 9.9.9.9\nnameserver fe80::1\noptions edns0\n';
    expect(nameServersIn(text)).toEqual(['9.9.9.9']);
  });
});
