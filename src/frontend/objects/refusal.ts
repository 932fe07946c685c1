/**
 * What a user asked for is not possible. The message is oned's, word for word, so that it can be passed on; everything
 * else that is thrown is a defect.
 */
export class Refusal extends Error {
  override name = 'Refusal';
}
