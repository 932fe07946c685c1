/** Attributes that a device takes over from its image, datastore or network, unless it has them (INHERIT_*_ATTR). */
import type { Template, Vector } from '../../opennebula/template.ts';

/** @param names of attributes; a vector gives all that is in it */
export function inherit(device: Vector, from: Template, names: readonly string[]): Vector {
  const inherited = { ...device };
  for (const name of names) {
    const values = from.vector(name) ?? { [name]: from.get(name) ?? '' };
    for (const [key, value] of Object.entries(values)) if (!inherited[key] && value !== '') inherited[key] = value;
  }
  return inherited;
}
