/** A VM cannot be made, or changed, of what was given. The message is oned's. */
export class InvalidTemplate extends Error {
  override name = 'InvalidTemplate';
}
