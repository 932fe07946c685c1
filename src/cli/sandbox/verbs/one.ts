import { defineCommand } from '../command.ts';
import { openSite } from '../site.ts';

export const one = defineCommand({
  name: 'one',
  summary: 'Run one of OpenNebula’s commands against the sandbox',
  description: 'As oneadmin. Files that it names are those of this machine. Output and exit code are the command’s.',
  arguments: {
    command: { required: true, rest: true, summary: '`onevm`, `oneimage` and so on, with their own arguments.' },
  },
  options: {},
  examples: [
    { line: 'one onevm list', what: 'All VMs.' },
    { line: 'one onetemplate instantiate web --name second', what: 'Another VM of the first template.' },
  ],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const { networksOf, reachApi, readSession } = await import('../../../sandbox/front-end.ts');
    const networks = await networksOf(services, configuration.name);
    const session = await readSession(services, configuration.name);
    await using way = await reachApi(services, configuration.name, networks);
    const { main } = await import('../../one/main.ts');
    const { processIo } = await import('../../one/process-io.ts');
    const io = processIo();
    const env = { ...io.env, ONE_XMLRPC: way.endpoint, ONE_AUTH: SESSION };
    const readFile = (path: string) => (path === SESSION ? session : io.readFile(path));
    return await main(['one', ...call.arguments.command], { ...io, env, readFile });
  },
});

/** Stands for a file that holds the session, which stays in memory. */
const SESSION = '/dev/null/one_auth';
