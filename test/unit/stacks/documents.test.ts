import { describe, expect, it } from 'vitest';
import { OneDocument } from '../../../src/opennebula/client/document.ts';
import { parseTemplate } from '../../../src/opennebula/template.ts';
import { parseXml } from '../../../src/opennebula/xml.ts';
import { rewritten } from '../../../stacks/provider/cloud/documents.ts';

const DATASTORE = new OneDocument(
  parseXml(
    '<DATASTORE><TEMPLATE><DS_MAD><![CDATA[onedock]]></DS_MAD><COLOUR><![CDATA[red]]></COLOUR></TEMPLATE></DATASTORE>',
  ),
);

describe('rewritten', () => {
  it('is undefined while the document has what is written', () => {
    expect(rewritten(DATASTORE, { COLOUR: 'red' }, { COLOUR: 'red' })).toBeUndefined();
    expect(rewritten(DATASTORE, {})).toBeUndefined();
  });

  it('puts in what is written and leaves what is OpenNebula’s own', () => {
    const text = rewritten(DATASTORE, { colour: 'blue', SIZES: [1, 2] }) ?? '';
    expect(parseTemplate(text).attributes).toEqual([
      ['DS_MAD', 'onedock'],
      ['COLOUR', 'blue'],
      ['SIZES', '1'],
      ['SIZES', '2'],
    ]);
  });

  it('takes out what was written before and is no more', () => {
    expect(parseTemplate(rewritten(DATASTORE, {}, { COLOUR: 'red' }) ?? '').attributes).toEqual([
      ['DS_MAD', 'onedock'],
    ]);
  });
});
