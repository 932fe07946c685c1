/** Monitoring samples in SQLite, gathered for a second and then written together. */
import type { Statements } from './statements.ts';
import type { MonitoringLog, MonitoringSample } from './store.ts';

const GATHER_MS = 1_000;

interface Pending extends MonitoringSample {
  readonly kind: 'host' | 'vm';
}

export class SqliteMonitoringLog implements MonitoringLog {
  readonly #statements: Statements;
  readonly #wrote: (rows: number) => void;
  readonly #last = { host: new Map<number, MonitoringSample>(), vm: new Map<number, MonitoringSample>() };
  #pending: Pending[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param wrote told of how many rows were committed */
  constructor(statements: Statements, wrote: (rows: number) => void) {
    this.#statements = statements;
    this.#wrote = wrote;
  }

  append(kind: 'host' | 'vm', id: number, time: number, body: string): void {
    this.#last[kind].set(id, { id, time, body });
    this.#pending.push({ kind, id, time, body });
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref();
  }

  last(kind: 'host' | 'vm', id: number): MonitoringSample | undefined {
    return this.#last[kind].get(id);
  }

  forget(kind: 'host' | 'vm', id: number): void {
    this.#last[kind].delete(id);
  }

  read(kind: 'host' | 'vm', ids: readonly number[], since: number): MonitoringSample[] {
    this.flush();
    return ids.flatMap((id) => this.#statements.samplesOf(kind, id, since));
  }

  expire(kind: 'host' | 'vm', before: number): void {
    this.flush();
    this.#statements.expireSamples(kind, before);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const samples = this.#pending;
    if (samples.length === 0) return;
    this.#pending = [];
    this.#statements.begin();
    for (const { kind, id, time, body } of samples) this.#statements.putSample(kind, id, time, body);
    this.#statements.commit();
    this.#wrote(samples.length);
  }
}
