/** `one.document.*` and `one.documentpool.*` (src/rm/api/DocumentAPI.cc, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import { poolDocument } from '../resources/documents.ts';
import { internal } from './api-error.ts';
import type { Call } from './call.ts';
import { LISTING_PARAMS, listOwned } from './listing.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { makeOrSpendFirstId, ownedByCaller } from './standard/allocate.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod } from './standard/info.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const documentMethods: readonly Method[] = [
  defineMethod({
    name: 'one.document.allocate',
    params: { template: string, type: int },
    help: 'Keeps a document of a type.',
    run(call, { template: source, type }) {
      const template = call.parseTemplate(source);
      call.authorize(call.creation('document'));
      return createDocument(call, template, type);
    },
  }),
  infoMethod('document'),
  defineMethod({
    name: 'one.documentpool.info',
    params: { ...LISTING_PARAMS, type: int },
    help: 'Lists the documents of a type that the caller may use.',
    run: (call, { type, ...range }) =>
      poolDocument(
        call.cloud,
        'document',
        listOwned(call, 'document', range, (document) => document.type === type),
      ),
  }),
  updateMethod('document'),
  renameMethod('document'),
  chmodMethod('document'),
  chownMethod('document'),
  ...lockMethods('document'),
  deleteMethod('document'),
  defineMethod({
    name: 'one.document.clone',
    params: { id: int, name: string },
    help: 'Copies a document under another name.',
    run(call, { id, name }) {
      const document = call.get('document', id);
      call.authorizeCopy('document', document);
      return createDocument(call, document.template.clone().set('NAME', name), document.type);
    },
  }),
];

function createDocument(call: Call, given: Template, type: number): number {
  const { document: pool } = call.cloud.pools;
  const make = () => {
    const id = pool.nextId();
    const name = given.get('NAME') || `document-${id}`;
    // oned holds names of new documents against nothing, but puts them into its XML as they are.
    if (/[&<]/.test(name)) throw internal('Error transforming the Document to XML.');
    return pool.put({ id, name, ...ownedByCaller(call), type, template: given.clone().delete('NAME') }).id;
  };
  return makeOrSpendFirstId(call, 'document', () => call.cloud.transaction(make));
}
