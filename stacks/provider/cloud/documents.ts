/** Reading documents back into the inputs of a resource. */
import type { OneDocument } from '../../../src/opennebula/client/document.ts';
import { Template, templateFromXml } from '../../../src/opennebula/template.ts';
import { find } from '../../../src/opennebula/xml.ts';
import { type Attributes, attributesOf } from './attributes.ts';

/** The document's template, or another part of it that has the form of one. */
export function templateOf(document: OneDocument, part = 'TEMPLATE'): Template {
  const element = find(document.element, part);
  return element ? templateFromXml(element) : new Template();
}

/** Those of the attributes that were written which the document still has, as they are in it. */
export function writtenAttributes(document: OneDocument, written: Attributes = {}, part = 'TEMPLATE'): Attributes {
  return attributesOf(templateOf(document, part), Object.keys(written), written);
}
