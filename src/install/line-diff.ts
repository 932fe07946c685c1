/** What changes between two texts, as people read it: the unified form of diff(1). */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Empty when nothing differs. */
export function lineDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(path, path, before, after, undefined, undefined, options).trimEnd();
}
