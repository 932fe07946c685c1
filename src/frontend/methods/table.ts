/** Every method of the API, by name. */
import type { Method } from './method.ts';
import { systemMethods } from './system.ts';

const TABLES: readonly (readonly Method[])[] = [systemMethods];

export const METHODS: ReadonlyMap<string, Method> = new Map(TABLES.flat().map((method) => [method.name, method]));
