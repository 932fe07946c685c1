import { defineAction } from '../../contract/action.ts';

/** POST: nothing is left to do; a bridge asks for no more. */
export const post = defineAction({ args: ['...ignored'], run: async () => {} });
