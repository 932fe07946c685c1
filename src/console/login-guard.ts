/** Keeps those out for a while who try one password after the other. Pure; times are in seconds. */
export class LoginGuard {
  /** By address: wrong passwords in a row, and until when nobody is let in from there. */
  readonly #failures = new Map<string, { readonly count: number; readonly until: number }>();

  isClosed(address: string, now: number): boolean {
    return (this.#failures.get(address)?.until ?? 0) > now;
  }

  failed(address: string, now: number): void {
    const count = (this.#failures.get(address)?.count ?? 0) + 1;
    const pause = count < FREE_TRIES ? 0 : FIRST_PAUSE_SECONDS * 2 ** Math.min(count - FREE_TRIES, MOST_DOUBLINGS);
    this.#failures.set(address, { count, until: now + pause });
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
  }
}

const FREE_TRIES = 5;
const FIRST_PAUSE_SECONDS = 10;
const MOST_DOUBLINGS = 6;
