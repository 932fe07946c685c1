import { catalogue } from '../errors/onedock-error.ts';

export const fail = catalogue({
  FRONTEND_ARGUMENTS: {
    what: (at: { problem: string }) => `The front-end cannot be started so: ${at.problem}`,
    todo: 'Run it with --help to see its options.',
  },
  FRONTEND_ADDRESS_TAKEN: {
    what: (at: { address: string; port: number }) => `The front-end cannot listen on ${at.address}, port ${at.port}.`,
    why: 'Another process listens there, or the address is none of this machine.',
    todo: 'Stop the other process, or give another --port or --listen.',
  },
  FRONTEND_CONFIGURATION_UNREADABLE: {
    what: (at: { path: string; problem: string }) => `The configuration ${at.path} cannot be read: ${at.problem}`,
    todo: 'Correct the file, or start with another --config.',
  },
  FRONTEND_FOLDER_UNUSABLE: {
    what: (at: { path: string }) => `The front-end cannot keep its data in ${at.path}.`,
    why: 'It is no folder, or one into which this user may not write.',
    todo: 'Give another --data; one that is not there is made.',
  },
  FRONTEND_SESSION_INVALID: {
    what: 'The session of the front-end’s first administrator is not of the form user:password.',
    todo: 'Give one such as oneadmin:secret, or none to have one made.',
  },
  AUTH_FILE_INVALID: {
    what: (at: { path: string }) => `The first line of ${at.path} is not of the form user:password.`,
    why: 'It holds the session of the first administrator.',
    todo: 'Write one line such as oneadmin:secret into it, or remove the file to have one made.',
  },
  FRONTEND_NOT_READY: {
    what: (at: { url: string; seconds: number; last: string }) =>
      `The front-end at ${at.url} did not answer within ${at.seconds} s: ${at.last}`,
    why: 'It has not started, or listens elsewhere.',
    todo: 'Look into its log.',
    retry: true,
  },
});
