/** What `doctor` says about one thing that it looked at. */
export interface Finding {
  /** Permanent, as `CGROUPS`. */
  readonly code: string;
  readonly title: string;
  /** `warning`: a sandbox runs, but may be slow or small. `fatal`: none can run. */
  readonly status: 'ok' | 'warning' | 'fatal';
  /** What was found. */
  readonly cause: string;
  /** What to do about it; empty when all is well. */
  readonly fix: string;
}
