import { type ActionContext, defineAction } from '../../contract/action.ts';
import { deliverContext } from '../context-files.ts';
import type { TransferServices } from '../place.ts';

/** CONTEXT: brings the context files to the host, as a directory. */
export const context = defineAction({
  args: ['...filesAndDestination'],
  run: ({ filesAndDestination }, given: ActionContext & TransferServices) => deliverContext(filesAndDestination, given),
});
