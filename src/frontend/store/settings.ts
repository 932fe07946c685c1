/** Facts about the whole cloud that are no objects, by name, as plain data. */
import type { Transaction } from './transaction.ts';

export class Settings {
  readonly #values = new Map<string, unknown>();
  readonly #transaction: () => Transaction;

  constructor(transaction: () => Transaction) {
    this.#transaction = transaction;
  }

  /** In the form in which it was put: each has one place that knows it. */
  get<Value extends object>(name: string): Value | undefined {
    return this.#values.get(name) as Value | undefined;
  }

  put(name: string, value: object): void {
    const before = this.#values.get(name);
    this.#transaction().settingChanged(name, value, () => this.#values.set(name, before));
    this.#values.set(name, value);
  }

  load(settings: Iterable<readonly [name: string, value: unknown]>): void {
    for (const [name, value] of settings) this.#values.set(name, value);
  }
}
