/** Relations between objects that may hold very many: each link is kept by itself, not in the records. */
import { type Link, RELATION_NAMES, type RelationName } from './store.ts';
import type { Transaction } from './transaction.ts';

export class Links {
  readonly #links = new Map<RelationName, Map<number, Set<number>>>(RELATION_NAMES.map((name) => [name, new Map()]));
  readonly #transaction: () => Transaction;

  constructor(transaction: () => Transaction) {
    this.#transaction = transaction;
  }

  /** In the order in which they were added. */
  of(relation: RelationName, id: number): ReadonlySet<number> {
    return this.#links.get(relation)?.get(id) ?? NONE;
  }

  add(relation: RelationName, of: number, to: number): void {
    this.#change({ relation, of, to }, true);
  }

  remove(relation: RelationName, of: number, to: number): void {
    this.#change({ relation, of, to }, false);
  }

  load(links: Iterable<Link>): void {
    for (const link of links) this.#set(link, true);
  }

  #change(link: Link, present: boolean): void {
    if (this.of(link.relation, link.of).has(link.to) === present) return;
    this.#transaction().linkChanged(link, present, () => this.#set(link, !present));
    this.#set(link, present);
  }

  #set({ relation, of, to }: Link, present: boolean): void {
    const links = this.#links.get(relation);
    const known = links?.get(of);
    if (present) {
      if (known) known.add(to);
      else links?.set(of, new Set([to]));
    } else {
      known?.delete(to);
      if (known?.size === 0) links?.delete(of);
    }
  }
}

const NONE: ReadonlySet<number> = new Set();
