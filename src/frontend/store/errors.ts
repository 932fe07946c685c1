import { catalogue } from '../../errors/onedock-error.ts';

export const fail = catalogue({
  STORE_TOO_NEW: {
    what: (at: { path: string; version: number; newest: number }) =>
      `The store ${at.path} has schema ${at.version}; this release of ONEDock knows schemas up to ${at.newest}.`,
    why: 'A later release of ONEDock has written it.',
    todo: 'Start that release, or restore a backup from before it.',
  },
  CHANGE_OUTSIDE_TRANSACTION: {
    what: 'The cloud was to be changed outside of a transaction.',
    why: 'What is not part of a transaction would be lost with the process.',
    todo: 'Report this as a defect of ONEDock.',
  },
  TRANSACTION_NOT_SYNCHRONOUS: {
    what: 'A transaction was to wait for something.',
    why: 'Others would see its changes before they are kept.',
    todo: 'Report this as a defect of ONEDock.',
  },
});
