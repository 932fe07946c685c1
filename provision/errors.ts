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
  REPOSITORY_OUT_OF_REACH: {
    what: (at: { address: string; said: readonly string[] }) =>
      `OpenNebula's packages cannot be had from ${at.address}.`,
    why: (at: { address: string; said: readonly string[] }) => at.said.join('\n'),
    todo: 'Set `opennebula.repository` and `opennebula.key` in sandbox.yaml to a repository that the front-end reaches, or `opennebula.directory` to a mirror of it on this machine.',
    retry: true,
  },
  PACKAGES_NOT_FOUND: {
    what: (at: { address: string; packages: readonly string[] }) => `${at.address} has no ${at.packages.join(', ')}.`,
    why: 'It is a repository of something else, or its suite or component is another.',
    todo: 'Set `opennebula.suite` and `opennebula.component` in sandbox.yaml as its documentation says.',
  },
  FRONT_END_NOT_INSTALLED: {
    what: (at: { place: string; said: string }) => `The drivers could not be brought to OpenNebula on ${at.place}.`,
    why: (at: { place: string; said: string }) => at.said,
    todo: 'Look whether the packages are of OpenNebula 7.0 or later.',
  },
  OPENNEBULA_NOT_STARTED: {
    what: (at: { place: string; said: readonly string[] }) => `OpenNebula does not start on ${at.place}.`,
    why: (at: { place: string; said: readonly string[] }) =>
      at.said.length > 0 ? at.said.join('\n') : '/var/log/one/oned.log has no error.',
    todo: 'See /var/log/one/oned.log and `journalctl --unit opennebula.service` there. Where a driver was too slow, try again when the machine is less busy.',
    retry: true,
  },
  MACHINE_DIFFERS: {
    what: (at: { place: string; differences: readonly string[] }) =>
      `${at.place} is not what it was just made; still to do: ${at.differences.join('; ')}.`,
    why: 'Something else on that machine changes the same things, or a package brings them in another form.',
    todo: 'Look for a configuration manager on that machine, and at its free space, then run the same again.',
    retry: true,
  },
});
