/**
 * Runs work on objects, by id, never twice at a time for one of them: what is asked for meanwhile is done once more
 * when that is over. Work that fails must say so itself.
 */
export function oneAtATime(work: (id: number) => Promise<void>, signal: AbortSignal): (id: number) => void {
  /** True when there was reason to do it again meanwhile. */
  const running = new Map<number, boolean>();
  return function begin(id) {
    if (signal.aborted) return;
    if (running.has(id)) {
      running.set(id, true);
      return;
    }
    running.set(id, false);
    work(id).finally(() => {
      const again = running.get(id);
      running.delete(id);
      if (again) begin(id);
    });
  };
}
