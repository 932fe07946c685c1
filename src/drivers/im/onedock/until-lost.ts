/** What an engine reports, up to the error that says that it does not any more. */
import { fail } from '../errors.ts';

/**
 * A stream that breaks off, as where the host or the way to it is gone, tells no more than `aborted` (Node's http), and one that
 * ends tells nothing at all.
 * @param host  name for people
 * @throws ENGINE_LOST
 */
export async function* untilLost<T>(events: AsyncIterable<T>, host: string): AsyncGenerator<T, never> {
  try {
    yield* events;
  } catch (error) {
    throw fail('ENGINE_LOST', { host }, error);
  }
  throw fail('ENGINE_LOST', { host });
}
