import { defineAction } from '../../contract/action.ts';

/** PRERECONFIGURE: nothing holds the context, which reaches the container as copies of its files. */
export const prereconfigure = defineAction({ args: ['...ignored'], run: async () => {} });
