/**
 * Kinds of objects that exist here only so far that clients which list everything find what they look for: pools and
 * documents are answered, nothing can be made.
 */
import type { Method } from './method.ts';
import { infoMethod, ownedPoolMethod } from './standard/info.ts';

export const listedOnlyMethods: readonly Method[] = [infoMethod('backupjob'), ownedPoolMethod('backupjob')];
