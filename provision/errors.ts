import { catalogue } from '../src/errors/onedock-error.ts';

export const fail = catalogue({
  SOURCE_MISSING: {
    what: (at: { program: string; path: string }) =>
      `The program ${at.program} cannot be bundled: ${at.path} is missing.`,
    why: 'This copy of ONEDock is not complete.',
    todo: 'Check out the repository anew, or install the package anew.',
  },
  MACHINE_DIFFERS: {
    what: (at: { place: string; path: string }) => `${at.path} on ${at.place} is not what was just written.`,
    why: 'Something else on that machine writes the same file, or its file system is full.',
    todo: 'Look for a configuration manager on that machine, and at its free space.',
    retry: true,
  },
});
