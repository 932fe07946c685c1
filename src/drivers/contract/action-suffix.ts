/**
 * Transfer commands may carry the transfer driver of the system datastore, as `clone.ssh`. A driver that has nothing
 * special for it is asked by the plain name, the part before the last dot (src/tm_mad/one_tm.rb, 7.4).
 */
export function findBySuffix(action: string, exists: (name: string) => boolean): string | undefined {
  const plain = action.slice(0, Math.max(0, action.lastIndexOf('.')));
  return [action, plain].find((name) => name !== '' && exists(name));
}
