/** What a run is shown by; disposed of when the run has ended. */
import type { Report } from '../../../sandbox/events.ts';

export interface Progress extends AsyncDisposable {
  readonly report: Report;
}
