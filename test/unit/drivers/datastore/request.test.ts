import { describe, expect, it } from 'vitest';
import { isAllowed } from '../../../../src/drivers/datastore/allowed-path.ts';
import { formatCommand } from '../../../../src/drivers/datastore/file-systems.ts';
import { keepsCompressed } from '../../../../src/drivers/datastore/import-file.ts';
import { readDatastore, readImage } from '../../../../src/drivers/datastore/request.ts';
import { parseXml } from '../../../../src/opennebula/xml.ts';
import { datastoreRequest } from '../../../support/datastore-requests.ts';

const datastore = (TEMPLATE: Record<string, string>, TYPE = 0) =>
  readDatastore(parseXml(datastoreRequest({ BASE_PATH: '/var/lib/one//datastores/1/', TYPE, TEMPLATE })));

describe('a datastore request', () => {
  it('has the image that is wanted', () => {
    const image = {
      PATH: 'docker://a',
      SOURCE: '/x',
      TYPE: 2,
      SIZE: 64,
      FORMAT: 'raw',
      TEMPLATE: { FSTYPE: 'EXT4', A: 'b' },
    };
    expect(readImage(parseXml(datastoreRequest({ BASE_PATH: '/x' }, image)))).toEqual({
      type: 'DATABLOCK',
      path: 'docker://a',
      source: '/x',
      sizeMb: 64,
      format: 'raw',
      fileSystem: 'ext4',
      template: { FSTYPE: 'EXT4', A: 'b' },
    });
  });

  it('prefers FS to FSTYPE', () => {
    const image = { FS: 'xfs', TEMPLATE: { FSTYPE: 'ext4' } };
    expect(readImage(parseXml(datastoreRequest({ BASE_PATH: '/x' }, image))).fileSystem).toBe('xfs');
  });

  it("has the datastore's directory without OpenNebula's double slash", () => {
    expect(datastore({}).basePath).toBe('/var/lib/one/datastores/1');
  });

  it('is refused without an image or a directory', () => {
    expect(() => readImage(parseXml('<D/>'))).toThrow('The request has no IMAGE.');
    expect(() => readDatastore(parseXml('<D><DATASTORE/></D>'))).toThrow('The request has no DATASTORE/BASE_PATH.');
  });
});

describe('isAllowed', () => {
  const defaults = datastore({ SAFE_DIRS: '/var/tmp', RESTRICTED_DIRS: '/' });

  it.each([
    ['/var/tmp/image.tar', defaults, true],
    ['/var/tmp', defaults, true],
    ['/var/tmp-not/image.tar', defaults, false],
    ['/etc/passwd', defaults, false],
    ['/srv/images/a', datastore({ SAFE_DIRS: '/var/tmp /srv/', RESTRICTED_DIRS: '/' }), true],
    ['/srv/images/a', datastore({ RESTRICTED_DIRS: '/etc' }), true],
    ['/etc/one/oned.conf', datastore({}), false],
    ['/var/lib/one/one.db', datastore({}), false],
    ['/var/lib/one/export/a', datastore({ SAFE_DIRS: '/var/lib/one/export' }), true],
  ])('%s is judged by SAFE_DIRS and RESTRICTED_DIRS: %#', (path, at, allowed) => {
    expect(isAllowed(path, at)).toBe(allowed);
  });
});

describe('keepsCompressed', () => {
  it.each([
    [datastore({}), false],
    [datastore({}, 2), true],
    [datastore({ NO_DECOMPRESS: 'Yes' }), true],
    [datastore({ NO_DECOMPRESS: 'no' }, 2), false],
  ])('follows the type of the datastore and NO_DECOMPRESS: %#', (at, keeps) => {
    expect(keepsCompressed(at)).toBe(keeps);
  });
});

describe('formatCommand', () => {
  it('makes a file system without a word', () => {
    expect(formatCommand('ext4', '/x')).toEqual(['mkfs.ext4', '-q', '-F', '/x']);
    expect(formatCommand('swap', '/x')).toEqual(['mkswap', '/x']);
  });

  it.each(['', 'raw'])('makes none for %j', (fileSystem) => {
    expect(formatCommand(fileSystem, '/x')).toBeUndefined();
  });

  it.each(['befs', 'toString'])('refuses %s', (fileSystem) => {
    expect(() => formatCommand(fileSystem, '/x')).toThrow(`Unsupported file system type: ${fileSystem}.`);
  });
});
