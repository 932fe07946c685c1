import { describe, expect, it } from 'vitest';
import { readVm, readVmId, vmDirectory } from '../../../../src/drivers/vmm/onedock/vm.ts';
import { parseXml } from '../../../../src/opennebula/xml.ts';
import { requestDocument, type VmFields, vmDocument } from '../../../support/vm-documents.ts';

const read = (fields: Partial<VmFields>) => readVm(parseXml(vmDocument({ id: 5, ...fields })), '/ds/0/5');

describe('readVm', () => {
  it('reads capacity', () => {
    expect(read({ template: { CPU: '0.25', VCPU: '2', MEMORY: '512' } })).toMatchObject({
      id: 5,
      cpu: 0.25,
      vcpu: 2,
      memoryMb: 512,
    });
    expect(read({}).vcpu).toBeUndefined();
  });

  it('reads the same from a request', () => {
    const fields = { id: 5, nics: [{ BRIDGE: 'b', IP: '10.0.0.1', MAC: '02:00:0a:00:00:01' }] };
    const [document, request] = [vmDocument(fields), requestDocument(fields)];
    expect(readVm(parseXml(request), '/d')).toEqual(readVm(parseXml(document), '/d'));
    expect(readVmId(parseXml(request))).toBe(5);
  });

  it('takes the disk with the least number for the root', () => {
    const disks = [
      { DISK_ID: 1, SOURCE: '', TYPE: 'fs' },
      { DISK_ID: 0, SOURCE: 'docker://r/i' },
    ];
    expect(read({ disks })).toMatchObject({ rootDisk: 0, dataDisks: [{ id: 1 }] });
  });

  it.each([
    [{ TYPE: 'fs' }, false],
    [{ TYPE: 'FILE', SOURCE: '/var/lib/one/datastores/1/x' }, false],
    [{ TYPE: 'FILE', SOURCE: '/x', FORMAT: 'save_as', DRIVER: 'save_as' }, false],
    [{ TYPE: 'CDROM' }, true],
    [{ TYPE: 'FILE', READONLY: 'YES' }, true],
  ])('data disk %j is read-only: %s', (disk, readOnly) => {
    expect(read({ disks: [{}, disk] }).dataDisks).toEqual([{ id: 1, path: '/ds/0/5/disk.1', readOnly }]);
  });

  it('leaves swap to the host', () => {
    expect(read({ disks: [{}, { TYPE: 'swap', FORMAT: '' }] }).dataDisks).toEqual([]);
  });

  it.each([
    ['ROOT_DISK_MISSING', [{ SOURCE: '/x' }]],
    ['ROOT_DISK_MISSING', []],
    ['SECOND_CONTAINER_IMAGE', [{}, { SOURCE: 'docker://r/i' }]],
    ['DISK_FORMAT_UNSUPPORTED', [{}, { FORMAT: 'qcow2' }]],
    ['DISK_FORMAT_UNSUPPORTED', [{}, { DRIVER: 'qcow2' }]],
  ])('refuses with %s', (code, disks) => {
    expect(() => read({ disks })).toThrow(expect.objectContaining({ code }));
  });

  it.each(['<X/>', '<VM><ID>5</ID></VM>', '<VM><ID>x</ID><TEMPLATE/></VM>'])('refuses the document %s', (text) => {
    expect(() => readVm(parseXml(text), '/d')).toThrow(expect.objectContaining({ code: 'DOCUMENT_INCOMPLETE' }));
  });
});

describe('vmDirectory', () => {
  it('lies in the system datastore of the request, its double slash gone', () => {
    expect(vmDirectory(parseXml(requestDocument({ id: 5 })), '/elsewhere')).toBe('/var/lib/one/datastores/0/5');
  });

  it('lies below DATASTORE_LOCATION when the request names no datastore', () => {
    expect(vmDirectory(parseXml(vmDocument({ id: 5 })), '/ds')).toBe('/ds/0/5');
  });
});
