import { catalogue } from '../../errors/onedock-error.ts';

export const fail = catalogue({
  MACHINE_NOT_GIVEN: {
    what: (at: { machine: string; given: readonly string[] }) => `No machine is given for ${at.machine}.`,
    why: (at: { machine: string; given: readonly string[] }) =>
      `With \`provider: ssh\` machines are those under \`ssh.machines\`: ${at.given.join(', ')}.`,
    todo: (at: { machine: string; given: readonly string[] }) => `Add ${at.machine} there with its address.`,
  },
  PEER_ADDRESS_UNKNOWN: {
    what: (at: { machine: string }) => `It is not known where other machines reach ${at.machine}.`,
    why: 'The networks of a sandbox go over IPv4, and the SSH connection to it ends at no such address.',
    todo: (at: { machine: string }) => `Name its IPv4 address as \`ssh.machines.${at.machine}.peerAddress\`.`,
  },
  OVERLAY_SILENT: {
    what: (at: { machine: string; address: string }) =>
      `${at.machine} is set up, but ${at.address}, its address in the sandbox, does not answer this machine.`,
    why: 'VXLAN packets (UDP port 4789) are dropped between this machine and it, in one direction or in both.',
    todo: 'Let UDP port 4789 through in the firewalls between the machines, this one included. Behind a router that translates addresses name a machine on its far side as `ssh.jump`.',
    retry: true,
  },
  MACHINE_NOT_STARTING: {
    what: (at: { machine: string; seconds: number; log: string }) =>
      `The services of ${at.machine} did not start within ${at.seconds} s.`,
    why: (at: { machine: string; seconds: number; log: string }) => `The last lines of its journal:\n${at.log}`,
    todo: 'Mend what the journal says, then run `onedock up` again; on a slow machine raise `readyTimeoutSeconds`.',
    retry: true,
  },
});
