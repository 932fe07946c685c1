/**
 * The schema's history. A file is never changed once released; each next change is a file of its own with the next
 * number, so that a database of any release can be brought up to date.
 */
import { objects } from './0001-objects.ts';
import { stays } from './0002-stays.ts';

export interface Migration {
  readonly version: number;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [objects, stays];
