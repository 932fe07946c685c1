/**
 * What several figures need and one makes: a sandbox, a front-end with dummy drivers. Each is made when first asked for
 * and given back, last first, when the run ends.
 */
export class Stage implements AsyncDisposable {
  /** What is made is smaller. */
  readonly quick: boolean;
  readonly #made = new Map<string, Promise<unknown>>();
  readonly #stack = new AsyncDisposableStack();

  constructor({ quick = false }: { readonly quick?: boolean } = {}) {
    this.quick = quick;
  }

  /** The thing of that name; `make` runs once. */
  share<Thing extends AsyncDisposable>(name: string, make: () => Promise<Thing>): Promise<Thing> {
    const known = this.#made.get(name);
    if (known !== undefined) return known as Promise<Thing>;
    const made = make().then((thing) => this.#stack.use(thing));
    this.#made.set(name, made);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
