/**
 * Kinds of objects that exist here only so far that clients which list everything find what they look for: pools and
 * documents are answered, nothing can be made.
 */
import type { Method } from './method.ts';
import { infoMethod, ownedPoolMethod, sharedPoolMethod } from './standard/info.ts';

export const listedOnlyMethods: readonly Method[] = [
  infoMethod('marketplace'),
  sharedPoolMethod('marketplace'),
  infoMethod('marketapp'),
  ownedPoolMethod('marketapp', { optionalRange: true }),
  infoMethod('backupjob'),
  ownedPoolMethod('backupjob', { optionalRange: true }),
];
