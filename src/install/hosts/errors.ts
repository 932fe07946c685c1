import { catalogue } from '../../errors/onedock-error.ts';

export const fail = catalogue({
  HOST_ADDRESS_INVALID: {
    what: (at: { address: string }) => `\`${at.address}\` is no address of a machine.`,
    todo: 'Write it as `host`, `user@host` or `user@host:port`, an IPv6 address in brackets. Nothing was changed.',
  },
  FRONT_END_NOT_FOUND: {
    what: (at: { missing: readonly string[] }) => `This machine lacks ${at.missing.join(' and ')}.`,
    why: 'Hosts are prepared for a front-end: they trust its registry, and let its oneadmin in.',
    todo: 'Run it on the front-end after `onedock install`, or say --registry and --oneadmin-key. Nothing was changed.',
  },
  FRONT_END_FILE_UNREADABLE: {
    what: (at: { path: string }) => `${at.path} cannot be read.`,
    todo: 'Name a file that is there. Nothing was changed.',
  },
  HOST_UNFIT: {
    what: (at: { place: string; reasons: readonly string[] }) => `The machine at ${at.place} cannot become a host.`,
    why: (at: { place: string; reasons: readonly string[] }) => at.reasons.join('\n'),
    todo: 'Nothing was changed there. Mend what is said, or name another machine.',
  },
  HOST_NOT_READY: {
    what: 'What was prepared is no host yet.',
    why: (at: { findings: readonly string[] }) => at.findings.join('\n'),
    todo: 'Mend what is said and run the same again, or `onedock host check`.',
    retry: true,
  },
  HOST_OF_ANOTHER: {
    what: (at: { place: string; frontEnd: string }) => `${at.place} is a host of the OpenNebula of ${at.frontEnd}.`,
    todo: 'Release it there, or say --force. Nothing was changed.',
  },
  HOST_HAS_VMS: {
    what: (at: { place: string; containers: readonly string[] }) => `${at.place} has VMs: ${at.containers.join(', ')}.`,
    why: 'They and their disks would be lost.',
    todo: 'Terminate them or migrate them first, or say --force. Nothing was changed.',
  },
  HOST_REGISTERED: {
    what: (at: { host: string; id: number }) => `${at.host} is host ${at.id} of this OpenNebula.`,
    why: 'The scheduler would go on to send VMs there.',
    todo: (at: { host: string; id: number }) =>
      `\`onehost delete ${at.id}\` first, or say --force. Nothing was changed.`,
  },
  HOST_NOT_CLEAN: {
    what: (at: { place: string; left: readonly string[] }) =>
      `Something is left on ${at.place}: ${at.left.join(', ')}.`,
    why: 'Another program holds it, or has made it again.',
    todo: 'Look what uses it there; what is left can be removed by hand.',
  },
});
