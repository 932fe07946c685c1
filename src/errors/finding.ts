/** What an examination says about one thing that it looked at. */
export interface Finding {
  /** Permanent, as `CGROUPS`. */
  readonly code: string;
  readonly title: string;
  /** `warning`: it works, but may be slow or small. `fatal`: it does not. */
  readonly status: 'ok' | 'warning' | 'fatal';
  /** What was found. */
  readonly cause: string;
  /** What to do about it; empty when all is well. */
  readonly fix: string;
}
