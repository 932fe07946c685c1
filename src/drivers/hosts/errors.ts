/** What can go wrong on a host, besides what Docker and SSH say themselves. */
import { catalogue } from '../../errors/onedock-error.ts';

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

export const fail = catalogue({
  HELPER_FAILED: {
    what: (at: { host: string; verb: string; said: string }) => `${at.verb} failed on ${at.host}.`,
    why: (at: { host: string; verb: string; said: string }) => sentence(at.said),
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
