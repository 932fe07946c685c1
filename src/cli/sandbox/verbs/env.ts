import { defineCommand } from '../command.ts';
import { answer, openSite } from '../site.ts';

export const env = defineCommand({
  name: 'env',
  summary: 'Print ONE_XMLRPC and ONE_AUTH for clients on this machine',
  description:
    'For pyone, goca, Terraform, Ansible and OpenNebula’s own commands. ONE_AUTH names a file that only the user who asks can read; it goes with the sandbox.',
  arguments: {},
  options: {},
  examples: [
    { line: 'env', what: 'Lines for `eval`.' },
    { line: 'env --json', what: 'The same as a document.' },
  ],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const { writeClientFiles } = await import('../../../sandbox/client-files.ts');
    const { endpoint, authFile } = await writeClientFiles(services, configuration.name, ownerOf(call.console.env));
    answer(call, { ONE_XMLRPC: endpoint, ONE_AUTH: authFile }, () =>
      [`export ONE_XMLRPC=${endpoint}`, `export ONE_AUTH=${authFile}`].join('\n'),
    );
  },
});

/** Who asks: behind sudo it is not the user that we run as. */
function ownerOf(environment: Readonly<Record<string, string | undefined>>): { user: number; group: number } {
  const { SUDO_UID = '0', SUDO_GID = '0' } = environment;
  return { user: Number(SUDO_UID), group: Number(SUDO_GID) };
}
