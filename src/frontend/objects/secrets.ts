/**
 * Attributes that are kept and shown encrypted (`*_ENCRYPTED_ATTR` of oned.conf; Template::encrypt, 7.4). What is
 * encrypted already stays as it is, so that a document that a client edits and sends back changes nothing of it.
 */
import { entriesOf } from '../../opennebula/tables.ts';
import { type Attribute, Template, type Vector } from '../../opennebula/template.ts';
import type { Kind, Records } from './kinds.ts';

/** Where the names of such attributes stand, for each kind that may have some. */
const LISTS = {
  vm: 'VM_ENCRYPTED_ATTR',
  template: 'VM_ENCRYPTED_ATTR',
  vnet: 'VNET_ENCRYPTED_ATTR',
  vntemplate: 'VNET_ENCRYPTED_ATTR',
  user: 'USER_ENCRYPTED_ATTR',
  datastore: 'DATASTORE_ENCRYPTED_ATTR',
  image: 'IMAGE_ENCRYPTED_ATTR',
  document: 'DOCUMENT_ENCRYPTED_ATTR',
  host: 'HOST_ENCRYPTED_ATTR',
  cluster: 'CLUSTER_ENCRYPTED_ATTR',
} as const satisfies { readonly [K in Kind]?: string };

/** Names of attributes; of those of a vector, and otherwise none, the names in it. */
type Names = ReadonlyMap<string, ReadonlySet<string>>;

type Change = (text: string) => string;

export interface Cipher {
  /** As it is shown to administrators. */
  readonly key: string;
  seal(text: string): string;
  /** Undefined when the text was not sealed with this key. */
  open(sealed: string): string | undefined;
}

export class Secrets {
  readonly #cipher: Cipher;
  readonly #names: ReadonlyMap<Kind, Names>;
  /** Templates in which nothing is in the clear. */
  readonly #sealed = new WeakSet<Template>();

  /** @param list values of an attribute of the configuration, as `CONTEXT/PASSWORD` */
  constructor(cipher: Cipher, list: (name: string) => readonly string[]) {
    this.#cipher = cipher;
    this.#names = new Map(
      entriesOf(LISTS).flatMap(([kind, name]) => {
        const names = namesOf(list(name));
        return names.size === 0 ? [] : [[kind, names] as const];
      }),
    );
  }

  get key(): string {
    return this.#cipher.key;
  }

  /** A record as it is kept. */
  seal<K extends Kind>(kind: K, record: Records[K]): Records[K] {
    const names = this.#names.get(kind);
    if (!names) return record;
    return changed(record, (template) => {
      if (this.#sealed.has(template)) return template;
      const sealed = withChanged(template, names, (text) =>
        this.#cipher.open(text) === undefined ? this.#cipher.seal(text) : text,
      );
      this.#sealed.add(sealed);
      return sealed;
    });
  }

  /** A record as drivers get it, and administrators who ask for it. */
  open<K extends Kind>(kind: K, record: Records[K]): Records[K] {
    return this.#names.has(kind) ? changed(record, (template) => this.openTemplate(kind, template)) : record;
  }

  openTemplate(kind: Kind, template: Template): Template {
    const names = this.#names.get(kind);
    return names ? withChanged(template, names, (text) => this.#cipher.open(text) ?? text) : template;
  }
}

/** For a cloud that keeps all as it is. */
export const NO_SECRETS = new Secrets({ key: '', seal: (text) => text, open: () => undefined }, () => []);

function namesOf(list: readonly string[]): Names {
  const names = new Map<string, Set<string>>();
  for (const path of list) {
    const [name = '', inVector] = path.toUpperCase().split('/');
    if (name === '') continue;
    const known = names.get(name) ?? new Set();
    if (inVector) known.add(inVector);
    names.set(name, known);
  }
  return names;
}

interface WithTemplates {
  readonly template?: Template;
  readonly userTemplate?: Template;
}

function changed<R>(record: R, change: (template: Template) => Template): R {
  const { template, userTemplate } = record as R & WithTemplates;
  const next = { template: template && change(template), userTemplate: userTemplate && change(userTemplate) };
  if (next.template === template && next.userTemplate === userTemplate) return record;
  const { userTemplate: user, ...others } = next;
  return { ...record, ...others, ...(user ? { userTemplate: user } : {}) };
}

/** The template itself when nothing changes. */
function withChanged(template: Template, names: Names, change: Change): Template {
  let isChanged = false;
  const attributes = template.attributes.map((attribute): Attribute => {
    const inVector = names.get(attribute[0]);
    const next = inVector ? changedValue(attribute[1], inVector, change) : attribute[1];
    if (next === attribute[1]) return attribute;
    isChanged = true;
    return [attribute[0], next];
  });
  return isChanged ? new Template(attributes) : template;
}

function changedValue(value: string | Vector, inVector: ReadonlySet<string>, change: Change): string | Vector {
  if (typeof value === 'string') return inVector.size === 0 ? change(value) : value;
  const entries = [...inVector].flatMap((name) => {
    const before = value[name];
    if (!before) return [];
    const after = change(before);
    return after === before ? [] : [[name, after] as const];
  });
  return entries.length === 0 ? value : { ...value, ...Object.fromEntries(entries) };
}
