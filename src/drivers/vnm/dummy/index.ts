/** Networks that hosts know nothing of, or that somebody else takes care of: nothing is done, as by OpenNebula's own. */
import { defineAction } from '../../contract/action.ts';
import type { VnmDriver } from '../../contract/families.ts';

const nothing = defineAction({ args: ['...ignored'], run: async () => {} });

export const dummy = {
  pre: nothing,
  post: nothing,
  clean: nothing,
  update_sg: nothing,
  update_nic: nothing,
} satisfies VnmDriver;
