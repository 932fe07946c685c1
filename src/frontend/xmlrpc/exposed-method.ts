/** What the wire needs to know of a method: enough to check arguments and to describe it. It runs elsewhere. */
import type { XmlRpcValue } from '../../opennebula/xmlrpc.ts';

export interface ExposedMethod {
  readonly name: string;
  /** Behind the session, in order. One with a fallback may be left out. */
  readonly params: Readonly<Record<string, ExposedParam>>;
  readonly help: string;
}

export interface ExposedParam {
  readonly type: 'int' | 'string' | 'boolean' | 'ints';
  readonly fallback?: unknown;
}

/** Everything that one end point serves. */
export interface Exposed {
  readonly methods: ReadonlyMap<string, ExposedMethod>;
  /** Runs a method. It answers refusals as results; only a defect makes it throw. */
  invoke(
    method: ExposedMethod,
    session: string,
    args: Readonly<Record<string, unknown>>,
    peer: Peer,
  ): Promise<XmlRpcValue>;
  /** Tells of changes of the object that a method shows; undefined for methods that show none. */
  readonly watch?: (method: string, id: number) => Watch | undefined;
}

export interface Watch extends Disposable {
  /** Resolves when the object has changed since this was last asked, or since the watch began; and when `signal` is aborted. */
  change(signal: AbortSignal): Promise<void>;
}

/** Who is at the other end of the connection. */
export interface Peer {
  readonly address: string;
}
