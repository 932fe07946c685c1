import { catalogue } from '../../errors/onedock-error.ts';

type Stranger = { readonly endpoint: string; readonly found: string };
type Late = { readonly awaited: string; readonly timeoutSeconds: number; readonly last: string };
type Vain = { readonly awaited: string; readonly last: string; readonly reason: string };

/** What can go wrong on the way to OpenNebula; what it refuses itself is a `OneApiError`. */
export const fail = catalogue({
  ENDPOINT_UNREACHABLE: {
    what: (at: { readonly endpoint: string }) => `OpenNebula could not be reached at ${at.endpoint}.`,
    why: 'No connection could be made, or it broke before the answer was there.',
    todo: 'Start the front-end, or name the right address in ONE_XMLRPC or by --endpoint.',
    retry: true,
  },
  ENDPOINT_NOT_OPENNEBULA: {
    what: (at: Stranger) => `What answers at ${at.endpoint} is not OpenNebula's XML-RPC interface.`,
    why: (at: Stranger) => `It answered with ${at.found}.`,
    todo: 'The address ends in /RPC2, as in http://localhost:2633/RPC2.',
  },
  CALL_TIMED_OUT: {
    what: (at: { method: string; endpoint: string; timeoutSeconds: number }) =>
      `${at.method} was not answered by ${at.endpoint} within ${at.timeoutSeconds} seconds.`,
    why: 'The front-end is overloaded, stopped or cut off; whether it carried the call out is not known.',
    todo: 'Look at the object before calling again. ONE_XMLRPC_TIMEOUT sets how long to wait.',
  },
  CALL_FAULT: {
    what: (at: { readonly method: string; readonly code: number }) => `${at.method} was refused as a malformed call.`,
    why: 'The front-end does not know the method, or takes other parameters.',
    todo: 'Compare the releases of the front-end and of this client.',
  },
  WAIT_TIMED_OUT: {
    what: (at: Late) => `${at.awaited} did not come about within ${at.timeoutSeconds} seconds.`,
    why: (at: Late) => `Last seen: ${at.last}.`,
    todo: 'Look whether it still moves, and wait longer where the machine is slow; the log of the front-end may say what holds it up.',
    retry: true,
  },
  WAIT_IN_VAIN: {
    what: (at: Vain) => `${at.awaited} will not come about: it is ${at.last}.`,
    why: (at: Vain) => at.reason,
    todo: 'The log of the front-end (/var/log/one/oned.log) and of the VM say more.',
  },
});
