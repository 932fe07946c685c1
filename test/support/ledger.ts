/**
 * What a front-end has acknowledged, and so must not lose: objects with their names, marks on VMs, VMs that end. A call
 * without an answer may have been carried out or not; both are right.
 */
import type { XmlRpcValue } from '../../src/opennebula/xmlrpc.ts';
import type { RandomCall } from './random-calls.ts';

/** Tells the document of an object; undefined when there is none. */
export type FindDocument = (kind: string, id: number) => Promise<{ text(path: string): string } | undefined>;

/** Methods that answer the id of an object that they made, and its kind. */
const MAKERS: Readonly<Record<string, string>> = {
  'one.vm.allocate': 'vm',
  'one.template.instantiate': 'vm',
  'one.image.allocate': 'image',
  'one.image.clone': 'image',
  'one.vm.disksaveas': 'image',
  'one.vn.allocate': 'vn',
  'one.vn.reserve': 'vn',
};

const DONE = '6';

export class Ledger {
  /** `kind id` → name. */
  readonly #names = new Map<string, string>();
  /** Objects whose deletion was asked for. */
  readonly #mayBeGone = new Set<string>();
  /** Objects whose deletion was acknowledged. */
  readonly #gone = new Set<string>();
  /** Values that the mark of a VM may have. */
  readonly #marks = new Map<number, Set<string>>();
  readonly #ended = new Set<number>();

  /** A call is about to be sent. */
  asked({ method, params }: RandomCall): void {
    const deleted = deletedBy(method, params);
    if (deleted) this.#mayBeGone.add(deleted);
    if (method === 'one.vm.update') this.#marksOf(params).add(markIn(params));
  }

  /** The call has succeeded. */
  answered({ method, params }: RandomCall, id: number): void {
    const kind = MAKERS[method];
    const name = kind && nameIn(params);
    if (name) this.#names.set(`${kind} ${id}`, name);
    const deleted = deletedBy(method, params);
    if (deleted) this.#gone.add(deleted);
    if (method === 'one.vm.update') this.#marks.set(Number(params[0]), new Set([markIn(params)]));
    if (method === 'one.vm.action' && String(params[0]).startsWith('terminate')) this.#ended.add(Number(params[1]));
  }

  /** The call was refused. */
  refused({ method, params }: RandomCall): void {
    if (method === 'one.vm.update') this.#marksOf(params).delete(markIn(params));
  }

  /** How much was acknowledged. */
  get size(): number {
    return this.#names.size + this.#marks.size + this.#ended.size + this.#gone.size;
  }

  /** Everything that is not as it was acknowledged, in a sentence. Nothing must be under way. */
  async losses(find: FindDocument): Promise<string[]> {
    const lost: string[] = [];
    for (const [object, name] of this.#names) {
      const document = await this.#find(find, object);
      if (this.#gone.has(object)) {
        if (document) lost.push(`${object} is still there after its deletion.`);
      } else if (document) {
        if (document.text('NAME') !== name) lost.push(`${object} is called ${document.text('NAME')}, not ${name}.`);
      } else if (!this.#mayBeGone.has(object)) lost.push(`${object}, ${name}, is lost.`);
    }
    for (const [id, marks] of this.#marks) {
      const mark = (await find('vm', id))?.text('USER_TEMPLATE/MARK') ?? '';
      if (!marks.has(mark)) lost.push(`VM ${id} has the mark "${mark}", and should have ${[...marks].join(' or ')}.`);
    }
    for (const id of this.#ended) {
      const state = (await find('vm', id))?.text('STATE');
      if (state !== DONE) lost.push(`VM ${id} was to end, and is in state ${state}.`);
    }
    return lost;
  }

  #find(find: FindDocument, object: string) {
    const [kind = '', id] = object.split(' ');
    return find(kind, Number(id));
  }

  #marksOf(params: readonly XmlRpcValue[]): Set<string> {
    const id = Number(params[0]);
    const marks = this.#marks.get(id) ?? new Set(['']);
    this.#marks.set(id, marks);
    return marks;
  }
}

function deletedBy(method: string, [id]: readonly XmlRpcValue[]): string | undefined {
  const kind = /^one\.(image|vn)\.delete$/.exec(method)?.[1];
  return kind && `${kind} ${id}`;
}

/** Of a template, or as the second parameter. */
function nameIn(params: readonly XmlRpcValue[]): string | undefined {
  const texts = params.filter((param) => typeof param === 'string');
  return texts.map((text) => /NAME = "([^"]+)"/.exec(text)?.[1]).find((name) => name !== undefined) ?? texts[0];
}

function markIn(params: readonly XmlRpcValue[]): string {
  return /MARK = "([^"]*)"/.exec(String(params[1]))?.[1] ?? '';
}
