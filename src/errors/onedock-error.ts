/**
 * The one kind of error that ONEDock raises on purpose. Each stands in a catalogue beside the room that raises it and
 * says what happened, why, and what to do; `present.ts` alone turns it into text.
 */

/** `Data` is what the sentences need to name; it is kept on the error for programs. */
export interface ErrorEntry<Data extends object = object> {
  readonly what: string | ((at: Data) => string);
  readonly why?: string | ((at: Data) => string);
  readonly todo?: string | ((at: Data) => string);
  /** Whether trying the same again can help. */
  readonly retry?: boolean;
}

export class OnedockError extends Error {
  override name = 'OnedockError';
  readonly code: string;
  readonly why: string;
  readonly todo: string;
  readonly retry: boolean;
  readonly data: object;

  constructor(code: string, entry: ErrorEntry<never>, data: object, cause?: unknown) {
    const say = (part: ErrorEntry<never>['what'] | undefined) =>
      typeof part === 'function' ? part(data as never) : (part ?? '');
    super(say(entry.what), cause === undefined ? undefined : { cause });
    this.code = code;
    this.why = say(entry.why);
    this.todo = say(entry.todo);
    this.retry = entry.retry ?? false;
    this.data = data;
  }
}

type DataOf<Entry> = Entry extends { what: (at: infer Data) => string }
  ? Data
  : Entry extends { why: (at: infer Data) => string }
    ? Data
    : object;

/**
 * A room's catalogue as a function: `const fail = catalogue({ HOST_UNREACHABLE: {…} })`, then
 * `throw fail('HOST_UNREACHABLE', { host }, cause)`. Codes are permanent: users and documentation refer to them.
 */
export function catalogue<const Entries extends Record<string, ErrorEntry<never>>>(entries: Entries) {
  const fail = <Code extends keyof Entries & string>(
    code: Code,
    data: DataOf<Entries[Code]> & object,
    cause?: unknown,
  ): OnedockError => new OnedockError(code, entries[code] as ErrorEntry<never>, data, cause);
  return Object.assign(fail, { entries });
}
