import { describe, expect, it } from 'vitest';
import { checkBelongsToVm, diskIdOf, isDirectoryOfVm, parseLocation } from '../../../../src/drivers/tm/location.ts';

describe('parseLocation', () => {
  it.each([
    ['host-1:/var/lib/one//datastores/0/7/disk.1', 'host-1', '/var/lib/one/datastores/0/7/disk.1'],
    ['10.0.0.1:/d/0/7/', '10.0.0.1', '/d/0/7'],
    ['h:/d/0/7/../8/disk.0', 'h', '/d/0/8/disk.0'],
    ['h:/a:b', 'h', '/a:b'],
    ['h:/', 'h', '/'],
  ])('reads %s', (text, machine, path) => {
    expect(parseLocation(text)).toEqual({ machine, path });
  });

  it.each(['/var/lib/one/disk', 'host', 'host:disk.0', ':/disk.0', ''])('refuses %j', (text) => {
    expect(() => parseLocation(text)).toThrow(`'${text}' is no place of a file.`);
  });
});

describe('checkBelongsToVm', () => {
  const at = (path: string) => ({ machine: 'h', path });

  it.each(['/d/0/7', '/d/0/7/disk.0', '/d/0/7/kernel', '/0/7'])('lets %s pass for VM 7', (path) => {
    expect(() => checkBelongsToVm(at(path), '7')).not.toThrow();
  });

  it.each(['/', '/d', '/d/0', '/d/0/8/disk.0', '/d/0/7/a/b', '/d/x/7', '/7', '/d/0/77'])('holds back %s', (path) => {
    expect(() => checkBelongsToVm(at(path), '7')).toThrow('is no path of VM 7');
  });

  it('holds back what is no number of a VM', () => {
    expect(() => checkBelongsToVm(at('/d/0/..'), '..')).toThrow('is no path of VM');
  });
});

describe('a file of a VM', () => {
  it('is a disk by its name', () => {
    const ids = ['/d/0/7/disk.0', '/d/0/7/disk.12', '/d/0/7/kernel', '/d/0/7/disk.x'].map((path) =>
      diskIdOf({ machine: 'h', path }),
    );
    expect(ids).toEqual([0, 12, undefined, undefined]);
  });

  it('is not its directory', () => {
    const are = ['/d/0/7', '/d/0/7/disk.0'].map((path) => isDirectoryOfVm({ machine: 'h', path }, '7'));
    expect(are).toEqual([true, false]);
  });
});
