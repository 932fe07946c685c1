/** Where ONEDock's programs lie on a front-end, and the Node that runs them. */

export const BUNDLE_FOLDER = '/usr/lib/one/onedock';
export const NODE_BINARY = '/usr/lib/onedock-node/bin/node';
