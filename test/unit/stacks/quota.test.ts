import { describe, expect, it } from 'vitest';
import { OneDocument } from '../../../src/opennebula/client/document.ts';
import { parseXml } from '../../../src/opennebula/xml.ts';
import { quotaChanges, quotaInput, quotaOf } from '../../../stacks/provider/cloud/quota.ts';

/** What OpenNebula says of a user with limits for VMs and one datastore. */
const LIMITED = new OneDocument(
  parseXml(
    '<USER><ID>2</ID><DATASTORE_QUOTA><DATASTORE><ID>1</ID><IMAGES>4</IMAGES><SIZE>-1</SIZE></DATASTORE></DATASTORE_QUOTA>' +
      '<NETWORK_QUOTA/><VM_QUOTA><VM><CPU>2.5</CPU><VMS>5</VMS><VMS_USED>1</VMS_USED><MEMORY>-1</MEMORY></VM></VM_QUOTA></USER>',
  ),
);
const UNLIMITED = new OneDocument(parseXml('<USER><ID>3</ID><VM_QUOTA/></USER>'));

describe('quotaOf', () => {
  it('gives limits that are set, for VMs and for what was written of', () => {
    expect(quotaOf(LIMITED)).toEqual({ vms: 5, cpu: 2.5 });
    expect(quotaOf(LIMITED, { datastores: [{ id: 1 }, { id: 7 }] })).toEqual({
      vms: 5,
      cpu: 2.5,
      datastores: [{ id: 1, images: 4 }, { id: 7 }],
    });
    expect(quotaOf(UNLIMITED)).toEqual({});
  });
});

describe('quotaChanges', () => {
  it('is empty while the limits are as written', () => {
    expect(quotaChanges(LIMITED, { vms: 5, cpu: 2.5, datastores: [{ id: 1, images: 4, sizeMb: -1 }] })).toBe('');
    expect(quotaChanges(UNLIMITED, {})).toBe('');
  });

  it('sets a whole line, with the default for what is left out', () => {
    const text = quotaChanges(LIMITED, { vms: 6 }).replaceAll(/\s/g, '');
    expect(text).toContain('VMS="6"');
    expect(text).toContain('CPU="-1"');
    expect(text).not.toContain('DATASTORE');
  });

  it('takes back a line that was written and is no more', () => {
    const text = quotaChanges(LIMITED, { vms: 5, cpu: 2.5 }, { datastores: [{ id: 1, images: 4 }] });
    expect(text.replaceAll(/\s/g, '')).toMatch(/^DATASTORE=\[ID="1",IMAGES="-1",SIZE="-1"\]$/);
  });
});

it('refuses limits below -2 and names that are no limits', () => {
  const { error } = quotaInput.safeParse({ vms: -3, vm: 1 });
  expect(error?.issues).toHaveLength(2);
});
