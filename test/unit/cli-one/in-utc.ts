import { afterAll, beforeAll } from 'vitest';

/** The tests of the file or block that calls this print times as in UTC, wherever they run. */
export function inUtc(): void {
  let zone: string | undefined;
  beforeAll(() => {
    zone = process.env.TZ;
    process.env.TZ = 'UTC';
  });
  afterAll(() => {
    process.env.TZ = zone;
  });
}
