/** Kinds of objects that are listed, and of which none can be made. */
import { type Chapter, fails, missing, works } from '../step.ts';

const OWNED = [['backupjob', 'backup job']] as const;

export const listedOnly: Chapter = {
  title: 'objects that are only listed',
  steps: [
    ...OWNED.flatMap(([kind, title]) => [
      works(`${kind}pool.info`, [-2, -1, -1]),
      fails(`${kind}pool.info`, [-5, -1, -1], 'OneApiException', 'Incorrect filter_flag'),
      missing(`${kind}.info`, title),
    ]),
    works('vdcpool.info', [], { gives: { VDC: [{ ID: 0, NAME: 'default' }] } }),
    works('vdc.info', [0], { gives: { NAME: 'default' } }),
    missing('vdc.info', 'VDC'),
    works('hookpool.info', []),
    missing('hook.info', 'hook'),
  ],
};
