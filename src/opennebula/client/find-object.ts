/** Objects as people name them: by their name, or by their number. */

/** A name wins over a number: an object may have any name. */
export function findByNameOrId<T extends { readonly id: number; readonly name: string }>(
  objects: readonly T[],
  wanted: string,
): T | undefined {
  return objects.find(({ name }) => name === wanted) ?? objects.find(({ id }) => String(id) === wanted);
}
