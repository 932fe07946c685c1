import { catalogue } from '../src/errors/onedock-error.ts';

export const fail = catalogue({
  SOURCE_MISSING: {
    what: (at: { program: string; path: string }) =>
      `The program ${at.program} cannot be bundled: ${at.path} is missing.`,
    why: 'This copy of ONEDock is not complete.',
    todo: 'Check out the repository anew, or install the package anew.',
  },
  MACHINE_UNFIT: {
    what: (at: { place: string; machine: string; reasons: readonly string[] }) =>
      `The machine at ${at.place} cannot become ${at.machine} of the sandbox.`,
    why: (at: { place: string; machine: string; reasons: readonly string[] }) => at.reasons.join('\n'),
    todo: 'Nothing was changed there. Mend what is said, or name another machine in sandbox.yaml.',
  },
  MACHINE_DIFFERS: {
    what: (at: { place: string; differences: readonly string[] }) =>
      `${at.place} is not what it was just made; still to do: ${at.differences.join('; ')}.`,
    why: 'Something else on that machine changes the same things, or a package brings them in another form.',
    todo: 'Look for a configuration manager on that machine, and at its free space, then run the same again.',
    retry: true,
  },
});
