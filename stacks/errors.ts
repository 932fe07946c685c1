import { catalogue } from '../src/errors/onedock-error.ts';

export const fail = catalogue({
  STACK_USAGE: {
    what: (at: { usage: string }) => at.usage,
  },
  STACK_RUN_FAILED: {
    what: (at: { stack: string; verb: string; end: string; why: string }) =>
      `\`${at.verb}\` of stack ${at.stack} ${at.end}.`,
    why: (at: { stack: string; verb: string; end: string; why: string }) => at.why,
    todo: 'What was made is kept in the state. Run it again to go on, or `destroy` to take it all away.',
    retry: true,
  },
  STACK_SESSION_MISSING: {
    what: (at: { file: string }) => `There is no session to use OpenNebula with: ${at.file} cannot be read.`,
    why: 'The resource has no `connection`, and the file that ONE_AUTH names holds no session.',
    todo: 'Give the resource a `connection`, or run `eval "$(npx onedock env)"` before `pulumi up`.',
  },
  STACK_ENGINE_MISSING: {
    what: (at: { version: string; tried: string }) => `Pulumi's engine, version ${at.version}, could not be had.`,
    why: (at: { version: string; tried: string }) => `Tried: ${at.tried}.`,
    todo: 'Install the Pulumi CLI of that version, or Go 1.24, so that it can be built from the module proxy.',
  },
  STACK_RESOURCE_UNKNOWN: {
    what: (at: { token: string }) => `The provider has no resource of type ${at.token}.`,
    why: 'The program was written for another version of the provider.',
    todo: 'Use the classes of this version, or install the provider that the program names.',
  },
  STACK_CANCELLED: {
    what: 'Pulumi asked the provider to stop.',
    todo: 'Run `pulumi up` again: it goes on with what was begun.',
  },
  STACK_REGISTRY_SILENT: {
    what: (at: { address: string }) => `The registry at ${at.address} does not answer.`,
    why: 'Its service on the front-end’s machine does not run, or refuses its own password.',
    todo: 'See `npx onedock exec frontend -- systemctl status docker-registry`.',
    retry: true,
  },
  STACK_FRONT_END_OFF: {
    what: 'The OpenNebula in which the resource lies does not run.',
    why: 'The machine of its sandbox’s front-end is stopped, or is gone.',
    todo: 'Run `pulumi refresh`, then `pulumi up`: it starts the machine, or makes it and its contents anew.',
  },
  STACK_RESOURCE_GONE: {
    what: (at: { resource: string; id: string }) => `${at.resource} ${at.id} does not exist any more.`,
    why: 'It was removed outside of Pulumi.',
    todo: 'Run `pulumi refresh`, then `pulumi up` makes it anew.',
  },
});
