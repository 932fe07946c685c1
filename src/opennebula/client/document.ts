/**
 * Documents as the client hands them out: the element as it came, with a few typed names for what programs ask most.
 * Whatever has no name here is found with `find` and its like of `xml.ts` on `element`.
 */
import { find, findText, type XmlElement } from '../xml.ts';

/** What all of OpenNebula's objects have. */
export class OneDocument {
  readonly element: XmlElement;

  constructor(element: XmlElement) {
    this.element = element;
  }

  get id(): number {
    return this.number('ID');
  }

  get name(): string {
    return this.text('NAME');
  }

  /** Text at a path below the document, `''` when it is missing. */
  text(path: string): string {
    return findText(this.element, path) ?? '';
  }

  /** Number at a path below the document, 0 when it is missing or empty. */
  number(path: string): number {
    return Number(this.text(path) || 0);
  }

  /** Attribute ERROR of the template: why oned or a driver gave up on the object. */
  get error(): string {
    return this.text('TEMPLATE/ERROR');
  }

  /** Ids in a list such as `<VMS><ID>7</ID></VMS>`. */
  protected ids(listName: string): number[] {
    return find(this.element, listName)?.children.map((child) => Number(child.text)) ?? [];
  }
}

/** An object with an owner and a group. */
export class OwnedDocument extends OneDocument {
  get ownerId(): number {
    return this.number('UID');
  }

  get groupId(): number {
    return this.number('GID');
  }
}

/** A pool's document and its objects, in the order in which oned lists them. */
export interface Pool<T> extends Iterable<T> {
  readonly element: XmlElement;
  readonly objects: readonly T[];
}

/** The objects of a pool; what else stands in it (quotas) is left to `element`. */
export function poolOf<T>(element: XmlElement, view: new (element: XmlElement) => T): Pool<T> {
  const memberName = element.name.replace(/_POOL$/, '');
  const objects = element.children.filter(({ name }) => name === memberName).map((member) => new view(member));
  return { element, objects, [Symbol.iterator]: () => objects[Symbol.iterator]() };
}
