/**
 * OpenNebula's template: a list of attributes, each a single value or a vector of named values. Names may repeat.
 * `parseTemplate` reads the text and the XML form, `printTemplate` the text form that users write, `templateXml` the
 * elements that stand in a document. Follows src/template/Template.cc and src/parsers/template_* of 7.4.
 */
import { type Attribute, attributeName, parseTemplateText, TemplateSyntaxError, type Vector } from './template-text.ts';
import { cdata, group, parseXml, type XmlElement, XmlSyntaxError } from './xml.ts';

export { type Attribute, TemplateSyntaxError, type Vector } from './template-text.ts';

/** Whether an attribute says so: YES in any case, and nothing else (src/template/Template.cc and src/common/Attribute.cc, 7.4). */
export function isYes(value: string | undefined): boolean {
  return value?.toUpperCase() === 'YES';
}

export class Template {
  readonly #attributes: Attribute[];

  constructor(attributes: Iterable<Attribute> = []) {
    this.#attributes = [...attributes];
  }

  /** In the order in which they were given. */
  get attributes(): readonly Attribute[] {
    return this.#attributes;
  }

  get isEmpty(): boolean {
    return this.#attributes.length === 0;
  }

  /** Value of the first single attribute of that name. */
  get(name: string): string | undefined {
    for (const [key, value] of this.#attributes) if (key === name && typeof value === 'string') return value;
    return undefined;
  }

  /** Whether a single attribute says so. */
  isYes(name: string): boolean {
    return isYes(this.get(name));
  }

  /** The first vector attribute of that name. Changing it changes the template. */
  vector(name: string): Vector | undefined {
    return this.vectors(name)[0];
  }

  /** All vector attributes of that name, in order. Changing one changes the template. */
  vectors(name: string): Vector[] {
    return this.#attributes.flatMap(([key, value]) => (key === name && typeof value !== 'string' ? [value] : []));
  }

  has(name: string): boolean {
    return this.#attributes.some(([key]) => key === name);
  }

  names(): Set<string> {
    return new Set(this.#attributes.map(([name]) => name));
  }

  /** Adds an attribute beside those of the same name. */
  add(name: string, value: string | Vector): this {
    this.#attributes.push([name, value]);
    return this;
  }

  /** Replaces all attributes of that name by one. */
  set(name: string, value: string | Vector): this {
    return this.delete(name).add(name, value);
  }

  delete(name: string): this {
    for (let i = this.#attributes.length - 1; i >= 0; i--)
      if (this.#attributes[i]?.[0] === name) this.#attributes.splice(i, 1);
    return this;
  }

  /** The attributes of a name, taken out of the template. */
  take(name: string): Attribute[] {
    const taken = this.#attributes.filter(([key]) => key === name);
    this.delete(name);
    return taken;
  }

  /** OpenNebula's append: each *name* in `other` first deletes all attributes of that name here. */
  merge(other: Template): this {
    for (const name of other.names()) this.delete(name);
    for (const [name, value] of other.clone().attributes) {
      const deletesOnly = typeof value !== 'string' && Object.keys(value).length === 0;
      if (!deletesOnly) this.#attributes.push([name, value]);
    }
    return this;
  }

  /** Of attributes of one name the last, as templates of users and images have them (their replace mode in oned). */
  lastOfEach(): Template {
    return new Template([...new Map(this.#attributes.map((attribute) => [attribute[0], attribute])).values()]);
  }

  clone(): Template {
    return new Template(
      this.#attributes.map(([name, value]) => [name, typeof value === 'string' ? value : { ...value }] as const),
    );
  }

  /** As the store keeps it. */
  toJSON(): readonly Attribute[] {
    return this.#attributes;
  }
}

/**
 * Reads a template in the text form, or in the XML form when the first character that is not blank is `<`.
 * @throws TemplateSyntaxError with oned's own words
 */
export function parseTemplate(source: string): Template {
  if (!/^\s*</.test(source)) return new Template(parseTemplateText(source));
  try {
    return templateFromXml(parseXml(source));
  } catch (error) {
    if (error instanceof XmlSyntaxError) throw new TemplateSyntaxError('XML Template malformed.');
    throw error;
  }
}

/** Reads the children of an element: those with only text are single attributes, the others vectors. */
export function templateFromXml(element: XmlElement): Template {
  const template = new Template();
  for (const child of element.children) {
    const name = attributeName(child.name);
    if (child.children.length === 0) {
      const value = child.text.trim();
      if (value !== '') template.add(name, value);
      continue;
    }
    // Of repeated names the first counts. Names are whatever the sender chose, as `__proto__`.
    const vector = new Map<string, string>();
    for (const leaf of child.children) if (!vector.has(leaf.name)) vector.set(leaf.name, leaf.text.trim());
    template.add(name, Object.fromEntries(vector));
  }
  return template;
}

/** The text form: `KEY="value"` lines, vectors over several lines, quotes inside values escaped. */
export function printTemplate(template: Template): string {
  const quote = (value: string) => `"${value.replaceAll('"', '\\"')}"`;
  return template.attributes
    .map(([name, value]) =>
      typeof value === 'string'
        ? `${name}=${quote(value)}`
        : `${name}=[\n${Object.entries(value)
            .map(([key, item]) => `  ${key}=${quote(item)}`)
            .join(',\n')} ]`,
    )
    .join('\n');
}

/**
 * The elements of a template in a document: sorted by name in byte order, attributes of one name in their order,
 * values as CDATA, names inside a vector sorted, empty vectors left out.
 */
export function templateXml(template: Template): string {
  return template.attributes
    .toSorted(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => (typeof value === 'string' ? cdata(name, value) : vectorXml(name, value)))
    .join('');
}

/** `<NAME><A><![CDATA[…]]></A>…</NAME>`, or nothing for a vector without contents. */
export function vectorXml(name: string, vector: Vector): string {
  const keys = Object.keys(vector).toSorted(compareBytes);
  if (keys.length === 0) return '';
  return group(name, ...keys.map((key) => cdata(key, vector[key] ?? '')));
}

function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
