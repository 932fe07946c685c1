/**
 * `import { createFrontend } from 'onedock/frontend'`: the compiled library of the package, or, in a clone, its source,
 * which Node 24.4 and later run as it is.
 */
import { existsSync } from 'node:fs';

const source = new URL('../src/frontend/library.ts', import.meta.url);
const compiled = new URL('../dist/frontend/library.js', import.meta.url);

export const { createFrontend } = await import((existsSync(source) ? source : compiled).href);
