/**
 * One figure of the benchmark: what ONEDock does, and the bare floor, what Docker, LXC or the kernel need for the same
 * with nothing of ours. Both are taken in one run, in turn, since machines are noisy and only the ratio travels.
 */
import type { Stage } from './stage.ts';

export interface Figure {
  /** One word for `--only`. */
  readonly name: string;
  readonly title: string;
  /** What the floor does; missing where nothing comparable exists. */
  readonly floorTitle?: string;
  readonly unit: Unit;
  /** How often it is taken, and with `--quick`. */
  readonly rounds: readonly [full: number, quick: number];
  readonly targets: readonly Target[];
  /** Makes ready what is not measured. @throws NotMeasurable when this machine lacks something */
  prepare(stage: Stage): Promise<Contest>;
}

export type Unit = 's' | 'ms' | 'MiB' | '%' | '×' | 'VMs' | 'per second' | 'per minute';

/** Of these more is better, and targets are limits from below. */
export const UNITS_OF_PLENTY: ReadonlySet<Unit> = new Set(['VMs', 'per second', 'per minute']);

/** Both sides give the measured value in the figure's unit, and undo what they did before they return. */
export interface Contest extends AsyncDisposable {
  ours(): Promise<number>;
  floor?(): Promise<number>;
}

/** A limit, in the figure's unit. */
export type Target =
  | { readonly kind: 'ratio'; readonly limit: number }
  | { readonly kind: 'value'; readonly limit: number }
  | { readonly kind: 'above floor'; readonly limit: number }
  /** 95 of 100 are within the limit of the floor's own. */
  | { readonly kind: 'p95 above floor'; readonly limit: number };

/** Why a figure cannot be taken here: a sentence. */
export class NotMeasurable extends Error {
  override name = 'NotMeasurable';
}
