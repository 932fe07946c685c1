import { catalogue } from '../errors/onedock-error.ts';

export const fail = catalogue({
  OPENNEBULA_NOT_FOUND: {
    what: (at: { root: string; missing: readonly string[] }) => `There is no OpenNebula front-end in ${at.root}.`,
    why: (at: { root: string; missing: readonly string[] }) => `It lacks ${at.missing.join(', ')}.`,
    todo: 'Install the package opennebula there first, or name the directory that holds its root by --root. Nothing was changed.',
  },
  OPENNEBULA_TOO_OLD: {
    what: (at: { version: string }) => `OpenNebula ${at.version} is not supported.`,
    why: 'The drivers take and print what OpenNebula 7.0 and later ones say and expect.',
    todo: 'Upgrade OpenNebula. Nothing was changed.',
  },
  ONED_CONF_SYNTAX: {
    what: (at: { path: string; line: number; problem: string }) => `${at.path}:${at.line}: ${at.problem}.`,
    why: 'What OpenNebula could not read is not edited.',
    todo: 'Mend that line. Nothing was changed.',
  },
  ONED_CONF_LACKS: {
    what: (at: { path: string; entry: string }) => `${at.path} has no entry ${at.entry}.`,
    why: 'The drivers are added to the list that it holds.',
    todo: "Put it back from the package's own file. Nothing was changed.",
  },
  DRIVERS_FOREIGN: {
    what: 'This front-end has drivers called onedock that are not of this program.',
    why: (at: { places: readonly string[] }) => `They are in ${at.places.join(', ')}.`,
    todo: 'Remove them, with the datastores and hosts that use them, and run the same again. Nothing was changed.',
  },
  MARKS_DAMAGED: {
    what: (at: { path: string; line: number }) =>
      `${at.path}:${at.line}: the marks around ONEDock's lines are not whole.`,
    why: "What lies between them cannot be told from what is not ONEDock's.",
    todo: 'Put the lines `# ONEDock: begin` and `# ONEDock: end` right, or delete both with what lies between. Nothing was changed.',
  },
  SSH_KEY_NOT_FOUND: {
    what: (at: { folder: string }) => `oneadmin has no SSH key in ${at.folder}.`,
    why: 'The drivers log in to hosts with it, as OpenNebula itself does.',
    todo: 'Make one as oneadmin: `ssh-keygen -t ed25519`. Nothing was changed.',
  },
  PACKAGES_MISSING: {
    what: (at: { packages: readonly string[] }) => `These programs are missing: ${at.packages.join(', ')}.`,
    why: 'This machine is not run by apt, so they are not installed for you.',
    todo: 'Install them by the names that your system has for them. Nothing was changed.',
  },
  REGISTRY_OPTIONS: {
    what: (at: { problem: string }) => at.problem,
    todo: 'Give --registry with --registry-user and --registry-password-file, or none of them for a registry on this machine. Nothing was changed.',
  },
  REGISTRY_CAPACITY_MISSING: {
    what: (at: { server: string }) => `What ${at.server} can hold is not known.`,
    why: 'Registries do not tell it, and OpenNebula registers no image in a datastore of which it does not know the free space.',
    todo: 'Say it by --registry-capacity, in MB; any large number where there is no limit. Nothing was changed.',
  },
  REGISTRY_FILE_UNREADABLE: {
    what: (at: { path: string }) => `${at.path} cannot be read.`,
    todo: 'Name a file that is there. Nothing was changed.',
  },
  SETTINGS_DIFFER: {
    what: (at: { path: string }) => `${at.path} is there already and names another registry.`,
    why: 'It may have been edited since, so it is not replaced.',
    todo: 'Edit it by hand, or remove it, and run the same again. Nothing was changed.',
  },
  REGISTRY_FOREIGN: {
    what: (at: { path: string }) => `This machine has a registry of its own already: ${at.path}.`,
    why: 'Another one cannot take its port and its folders.',
    todo: 'Use it by --registry, --registry-capacity, --registry-user and --registry-password-file. Nothing was changed.',
  },
  DRIVERS_IN_USE: {
    what: (at: { objects: readonly string[] }) => `OpenNebula uses the drivers: ${at.objects.join(', ')}.`,
    why: 'Without them these could not be monitored, used or deleted any more.',
    todo: 'Delete them first, or say --force. Nothing was changed.',
  },
  DRIVERS_USE_UNKNOWN: {
    what: 'Whether OpenNebula uses the drivers is not known.',
    why: (at: { session: string }) => `There is no session of its administrator in ${at.session}.`,
    todo: 'Put oneadmin’s `user:password` there, or say --force. Nothing was changed.',
  },
  INSTALLATION_CUT_SHORT: {
    what: (at: { path: string; done: number; total: number; reason: string }) =>
      `${at.path} could not be changed; ${at.done} of ${at.total} changes were made.`,
    why: (at: { path: string; done: number; total: number; reason: string }) => at.reason,
    todo: 'Mend the cause and run the same again: what is done already is not done twice. `onedock uninstall` takes it out.',
    retry: true,
  },
});
