/** The oldest version of the API that has what drivers need, and the one that this client was written for. */
export const OLDEST_API = '1.41';
export const NEWEST_API = '1.51';

/** Negative when `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}
