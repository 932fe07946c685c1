/** Where ONEDock's programs lie on a front-end, and the Node that runs them. */

export const BUNDLE_FOLDER = '/usr/lib/one/onedock';
/** Below it: what V8 has made of the sources, where the machine's image brings it. Node looks for sources from there. */
export const COMPILED_FOLDER = 'compiled';
export const NODE_BINARY = '/usr/lib/onedock-node/bin/node';
