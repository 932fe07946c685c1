/** Rows that several phases of the transition table share. */
import type { Phase } from '../objects/phase.ts';
import { wasStopped, wasSwitchedOff, wasUndeployed } from './conditions.ts';
import { commandLost, disksLost, finished, snapshotsLost, undone } from './devices.ts';
import {
  abandoned,
  action,
  epilogEnds,
  epilogStarts,
  noAction,
  placed,
  previousAction,
  previousEnds,
  prologEnds,
  prologStarts,
  recordClosed,
  recordEnds,
  resumed,
  runEnds,
  runGoesOn,
  runStarts,
  sentHome,
} from './history.ts';
import { cleaning, deployed, disksOnHost, ended, imageKnown, notRescheduled } from './marks.ts';
import { either, giveUpFor, type Row, type Rows, to } from './row.ts';

/** A VM that is nowhere ends at once. */
export const unplaced: Rows = {
  terminate: to('DONE', recordClosed, ended),
  'terminate-hard': to('DONE', recordClosed, ended),
  'recover-delete': to('DONE', recordClosed, ended),
  'recover-forget': to('DONE', recordClosed, ended),
};

const cleanUp = giveUpFor(
  'CLEANUP_DELETE',
  abandoned,
  action('delete'),
  notRescheduled,
  snapshotsLost,
  commandLost,
  cleaning,
);

/** A VM that is somewhere is cleaned away. */
export const removable: Rows = {
  'recover-delete': cleanUp,
  'recover-recreate': giveUpFor(
    'CLEANUP_RESUBMIT',
    abandoned,
    action('delete-recreate'),
    notRescheduled,
    snapshotsLost,
    disksLost,
    commandLost,
    cleaning,
  ),
  'recover-forget': giveUpFor('DONE', abandoned, recordClosed, ended),
};

/** One that is at rest keeps in its history what it was put to rest by. */
export const removableAtRest: Rows = {
  ...removable,
  'recover-delete': giveUpFor('CLEANUP_DELETE', abandoned, notRescheduled, snapshotsLost, commandLost, cleaning),
};

/** What failed is tried again, or given up by deleting the VM; terminate does that too. */
export const failure = (retried: Phase): Rows => ({
  ...removable,
  'recover-retry': to(retried),
  terminate: cleanUp,
  'terminate-hard': cleanUp,
});

/** The VM waits for a driver: the request can be sent again. */
export const waiting = (phase: Phase): Rows => ({ ...removable, 'recover-retry': giveUpFor(phase) });

/** Which prolog a VM needs depends on where its disks are. */
export const deploy = either(
  wasStopped,
  to('PROLOG_RESUME', placed, prologStarts, disksOnHost),
  either(
    wasUndeployed,
    to('PROLOG_UNDEPLOY', placed, prologStarts, disksOnHost),
    to('PROLOG', placed, prologStarts, disksOnHost),
  ),
);

const booted = to('RUNNING', deployed, runGoesOn);
export const boot = (phase: Phase, failed: Row): Rows => ({ ...waiting(phase), done: booted, failed });

/** A guest that did not come up may turn out to run. */
export const bootFailure = (retried: Phase): Rows => ({
  ...failure(retried),
  done: booted,
  'monitor-running': booted,
});

/** The guest did not obey, so it runs. */
export const runsOn = to('RUNNING', noAction);

export const shutDown: Rows = {
  terminate: to('SHUTDOWN', action('terminate'), notRescheduled),
  'terminate-hard': to('SHUTDOWN', action('terminate-hard'), notRescheduled),
  poweroff: to('SHUTDOWN_POWEROFF', action('poweroff'), notRescheduled),
  'poweroff-hard': to('SHUTDOWN_POWEROFF', action('poweroff-hard'), notRescheduled),
  undeploy: to('SHUTDOWN_UNDEPLOY', action('undeploy'), notRescheduled),
  'undeploy-hard': to('SHUTDOWN_UNDEPLOY', action('undeploy-hard'), notRescheduled),
};

const seen = (phase: 'POWEROFF' | 'SUSPENDED') => to(phase, snapshotsLost, notRescheduled, action('monitor'), runEnds);

/** The guest went off or was paused without OpenNebula. */
export const watched: Rows = { 'monitor-poweroff': seen('POWEROFF'), 'monitor-suspended': seen('SUSPENDED') };

/** The guest was started without OpenNebula. */
export const foundRunning = to('RUNNING', resumed);

export const toEpilog = to('EPILOG', action('terminate'), epilogStarts);
export const endOfEpilog = to('DONE', epilogEnds, recordEnds, ended);

/** An operation on a device of a running guest ends. */
export const device = (phase: Phase): Rows => ({
  ...waiting(phase),
  done: to('RUNNING', finished),
  failed: to('RUNNING', undone),
});

/** The same for a guest that is off: no running time is counted. */
export const coldDevice = (phase: Phase, back: 'POWEROFF' | 'SUSPENDED'): Rows => ({
  ...waiting(phase),
  done: to(back, finished, runEnds),
  failed: to(back, undone, runEnds),
});

/** The same for a VM that is on no host. */
export const shelvedDevice = (phase: Phase, back: 'STOPPED' | 'UNDEPLOYED'): Rows => ({
  ...waiting(phase),
  done: to(back, finished),
  failed: to(back, undone),
});

/** A disk is saved once there is an image to save it in. */
export const savesDisk = (phase: Phase): Rows => ({ 'image-made': to(phase, imageKnown) });

/** The configuration may change while drivers work; they are told of it with the next request. */
export const configurable = (phase: Phase): Rows => ({ updateconf: to(phase) });

/** The disks of a guest that is off move to another host or datastore. */
export const moveDisks = (phase: Phase) =>
  to(phase, placed, action('migrate'), previousEnds, prologStarts, notRescheduled, snapshotsLost);

/** A running guest is saved or switched off in order to move. */
export const move = (name: 'migrate' | 'poweroff-migrate' | 'poweroff-hard-migrate') =>
  to('SAVE_MIGRATE', placed, action(name), previousAction(name), notRescheduled);

export const arrived = either(
  wasSwitchedOff,
  to('BOOT', prologEnds, runStarts),
  to('BOOT_MIGRATE', prologEnds, runStarts),
);

/** The migration is given up: the guest starts where it came from. */
export const startedAtHome = either(
  wasSwitchedOff,
  to('BOOT', sentHome, prologEnds, runStarts),
  to('BOOT_MIGRATE', sentHome, prologEnds, runStarts),
);
