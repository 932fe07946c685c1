/** Where ONEDock's programs lie on a front-end, and the Node that runs them. */

export const BUNDLE_FOLDER = '/usr/lib/one/onedock';
/** What V8 has made of the programs, where the machine's image brings it. Node looks for them from there, so it lies beside them. */
export const COMPILED_FOLDER = '/usr/lib/one/onedock-compiled';
export const NODE_BINARY = '/usr/lib/onedock-node/bin/node';
