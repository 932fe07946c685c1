/** Reading documents back into the inputs of a resource, and writing into the attributes that a document has. */
import type { OneDocument } from '../../../src/opennebula/client/document.ts';
import { parseTemplate, printTemplate, Template, templateFromXml } from '../../../src/opennebula/template.ts';
import { find } from '../../../src/opennebula/xml.ts';
import { type Attributes, attributesOf, templateText } from './attributes.ts';

/** The document's template, or another part of it that has the form of one. */
export function templateOf(document: OneDocument, part = 'TEMPLATE'): Template {
  const element = find(document.element, part);
  return element ? templateFromXml(element) : new Template();
}

/** Those of the attributes that were written which the document still has, as they are in it. */
export function writtenAttributes(document: OneDocument, written: Attributes = {}, part = 'TEMPLATE'): Attributes {
  return attributesOf(templateOf(document, part), Object.keys(written), written);
}

/**
 * The whole template that a document should have: its own, with those attributes that are written, and without those
 * that were written before. Undefined when it is so already.
 */
export function rewritten(
  document: OneDocument,
  written: Attributes,
  before: Attributes = {},
  part = 'TEMPLATE',
): string | undefined {
  const found = templateOf(document, part);
  const wanted = templateOf(document, part);
  for (const name of Object.keys(before)) if (!(name in written)) wanted.delete(name.toUpperCase());
  if (!sameAttributes(found, written)) wanted.merge(parseTemplate(templateText(written)));
  const text = printTemplate(wanted);
  return text === printTemplate(found) ? undefined : text;
}

function sameAttributes(found: Template, written: Attributes): boolean {
  return templateText(attributesOf(found, Object.keys(written), written)) === templateText(written);
}
