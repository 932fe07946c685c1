import { Refusal } from '../objects/refusal.ts';

/** A VM cannot be made, or changed, of what was given. */
export class InvalidTemplate extends Refusal {
  override name = 'InvalidTemplate';
}
