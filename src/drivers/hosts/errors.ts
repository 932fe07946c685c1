/** What can go wrong on a host, besides what Docker and SSH say themselves. */
import { catalogue } from '../../errors/onedock-error.ts';
import type { Releases } from './programs-release.ts';

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What is known of a host's programs and of the drivers. */
export const releases = ({ found, wanted }: Releases) =>
  `Its programs are of release ${found || 'unknown, from before they told it'}, the drivers were written with ${wanted}.`;

/** @param host  as the drivers name it */
export const bringProgramsTo = (host: string) =>
  `Bring the drivers' programs there by \`onedock host prepare ${host}\` on the front-end; of a sandbox, by \`onedock up\`.`;

export const fail = catalogue({
  HELPER_FAILED: {
    what: (at: { host: string; verb: string; said: string }) => `${at.verb} failed on ${at.host}.`,
    why: (at: { host: string; verb: string; said: string }) => sentence(at.said),
    todo: 'Mend there what is said. `onedock host check` on the front-end tells what else a host lacks.',
  },
  HELPER_OF_OTHER_RELEASE: {
    what: (at: { host: string; verb: string; said: string; found: string; wanted: string }) =>
      `${at.verb} failed on ${at.host}, whose programs are of another release of ONEDock than the drivers.`,
    why: (at: { host: string; verb: string; said: string; found: string; wanted: string }) =>
      `The helper said: ${sentence(at.said)} ${releases(at)}`,
    todo: (at: { host: string }) => bringProgramsTo(at.host),
  },
  HELPER_NOT_ALLOWED: {
    what: (at: { host: string; helper: string; said: string }) => `${at.helper} cannot be run as root on ${at.host}.`,
    why: (at: { host: string; helper: string; said: string }) => sentence(at.said),
    todo: (at: { host: string; helper: string; said: string }) =>
      `Install the helper there, and allow it to the SSH user in /etc/sudoers.d: \`oneadmin ALL=(root) NOPASSWD: ${at.helper}\`.`,
  },
  VM_BUSY: {
    what: (at: { host: string; name: string }) => `Another action works on ${at.name} on ${at.host}.`,
    why: 'Actions on one VM are done one after the other, and this one has waited long enough.',
    todo: 'Try again when the other action has ended.',
    retry: true,
  },
});
