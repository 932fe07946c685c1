/** Documents of pools that may be large: each entry is made when it is its turn to be sent. */
import { group } from '../../opennebula/xml.ts';
import { EscapedText, escapeString } from '../../opennebula/xmlrpc.ts';

/** @param escapedEntry  says the same whenever it is called */
export function poolText<T>(pool: string, objects: readonly T[], escapedEntry: (object: T) => string): EscapedText {
  const [head = '', tail = ''] = group(pool, SEAM).split(SEAM);
  return new EscapedText({
    *[Symbol.iterator]() {
      yield escapeString(head);
      for (const object of objects) yield escapedEntry(object);
      yield escapeString(tail);
    },
  });
}

const SEAM = '|';
