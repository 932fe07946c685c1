import { flag } from '../option.ts';

export const FORCE = flag({
  name: 'force',
  long: '--force',
  help: 'Go on in spite of errors and checks, where possible',
});
