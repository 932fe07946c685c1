/**
 * While many log in at the same time, sshd drops connections at random before it says a word (MaxStartups, 10:30:100
 * unless it was changed). Who is dropped tries again, after a time that differs from the others'.
 */
import { setTimeout } from 'node:timers/promises';
import { codeOf } from '../errors/thrown.ts';

export class TurnedAway extends Error {
  override name = 'TurnedAway';
}

const MOST_ATTEMPTS = 12;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1500;

/** @throws what `work` does; TurnedAway only after many attempts */
export async function untilLetIn<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTurnedAway(error) || attempt === MOST_ATTEMPTS) throw error;
      await setTimeout(Math.min(FIRST_PAUSE_MS * attempt, LONGEST_PAUSE_MS) * (0.5 + Math.random()));
    }
  }
}

/** What was sent already makes the kernel answer with a reset. */
function isTurnedAway(error: unknown): boolean {
  const code = codeOf(error);
  return error instanceof TurnedAway || code === 'ECONNRESET' || code === 'EPIPE';
}
