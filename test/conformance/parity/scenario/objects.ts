/** Ids of what the scenario makes: a fresh cloud counts as a fresh OpenNebula does. */
export const ALICE = 2;
export const ALICE_SESSION = 'alice:secret';
export const SCIENCE = 100;
export const GREEN = 100;
export const HOST = 0;
export const IMAGES = 100;
export const SYSTEM = 101;
export const OS_IMAGE = 0;
export const DATA_IMAGE = 1;
export const CLONE = 2;
export const NET = 0;
export const RESERVATION = 1;
export const TINY = 0;
export const VM = 0;
export const PENDING = 1;
