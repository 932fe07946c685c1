import { catalogue } from '../../errors/onedock-error.ts';

export const fail = catalogue({
  STORE_TOO_NEW: {
    what: (at: { path: string; version: number; newest: number }) =>
      `The store ${at.path} has schema ${at.version}; this release of ONEDock knows schemas up to ${at.newest}.`,
    why: 'A later release of ONEDock has written it.',
    todo: 'Start that release, or restore a backup from before it.',
  },
  STORE_IN_USE: {
    what: (at: { path: string }) => `A front-end works with the store ${at.path}.`,
    why: 'Two on one store would undo each other’s changes.',
    todo: 'End the other one, or choose another folder for the data.',
  },
  STORE_NOT_FOUND: {
    what: (at: { path: string }) => `There is no store ${at.path}.`,
    todo: 'Name the file with --sqlite; a front-end keeps it as one.db in the folder of its data.',
  },
  STORE_UNREADABLE: {
    what: (at: { path: string; problem: string }) => `${at.path} is no store that can be read. ${at.problem}`,
    why: 'It is not of a front-end, or it was damaged.',
    todo: 'Take another file; onedb restore puts a backup in the place of a store.',
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
