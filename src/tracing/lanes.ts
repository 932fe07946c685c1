/**
 * Where spans are drawn: in one lane they have to lie within each other, so work that goes on side by side gets lanes of
 * its own. A span begins in the lane of the work it belongs to, unless another part of that is there already. Pure.
 */
export interface OpenSpan {
  readonly name: string;
  readonly lane: number;
  readonly startedAt: number;
  readonly parent: OpenSpan | undefined;
  /** Holds its parent's lane for the time being. */
  child: OpenSpan | undefined;
  ended: boolean;
}

export class Lanes {
  readonly #taken = new Set<number>();

  /** @param parent  the work that it belongs to; may have ended */
  begin(name: string, startedAt: number, parent: OpenSpan | undefined): OpenSpan {
    const within = parent && !parent.ended && !parent.child ? parent : undefined;
    const span = {
      name,
      lane: within?.lane ?? this.#take(),
      startedAt,
      parent: within,
      child: undefined,
      ended: false,
    };
    if (within) within.child = span;
    return span;
  }

  end(span: OpenSpan): void {
    span.ended = true;
    if (span.parent) span.parent.child = undefined;
    else this.#taken.delete(span.lane);
  }

  /** The lowest free one, so that a drawing stays small. */
  #take(): number {
    let lane = 1;
    while (this.#taken.has(lane)) lane++;
    this.#taken.add(lane);
    return lane;
  }
}
