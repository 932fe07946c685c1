/** Steps at once; when one fails, the others are waited for, so that whoever takes back what was done finds all of it. */
export async function together(...steps: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(steps);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
