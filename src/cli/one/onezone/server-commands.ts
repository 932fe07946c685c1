/** Verbs on the servers of a zone, of which several keep one store. */
import { type Command, command, required } from '../command.ts';
import { intFormat } from '../formats.ts';
import { text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import { once } from '../verbs/each.ts';
import { zone } from './zone.ts';

const { kind } = zone;

const NAME = text({ name: 'server_name', short: '-n', long: '--name', argument: 'name', help: 'Name of the server' });
const RPC = text({ name: 'server_rpc', short: '-r', long: '--rpc', argument: 'URL', help: 'Its XML-RPC endpoint' });
const GRPC_ENDPOINT = text({
  name: 'server_grpc',
  short: '-g',
  long: '--grpc-endpoint',
  argument: 'endpoint',
  help: 'Its gRPC endpoint',
});

const SERVER_ID = intFormat('serverid', 'Server id');

const add = command({
  name: 'server-add',
  help: 'Adds a server to a zone.',
  args: [required(zone.id)],
  options: [NAME, RPC, GRPC_ENDPOINT],
  run: async (run, id) => {
    const [name, rpc, grpc] = [run.get(NAME), run.get(RPC), run.get(GRPC_ENDPOINT)];
    if (name === undefined || (rpc ?? grpc) === undefined) {
      throw new Refusal('To add a server set:\n\t-n <server name>\n\t-r <XML-RPC endpoint>\n\t-g <gRPC endpoint>');
    }
    if (rpc && !/^https?:\/\//.test(rpc)) throw new Refusal('Wrong protocol specified. Only http or https allowed!');
    const server = `SERVER = [\n  NAME="${name}",\n  ENDPOINT="${rpc ?? ''}",\n  ENDPOINT_GRPC="${grpc ?? ''}"\n]\n`;
    return once(run, id, { kind, done: 'server added' }, () => run.client.zone.addserver(id, server));
  },
});

export const serverCommands: readonly Command[] = [
  add,
  command({
    name: 'server-del',
    help: 'Takes a server out of a zone.',
    args: [required(zone.id), required(SERVER_ID)],
    run: (run, id, serverId) =>
      once(run, id, { kind, done: 'server deleted' }, () => run.client.zone.delserver(id, serverId)),
  }),
  command({
    name: 'server-reset',
    help: 'Makes a server of a zone take over the store from its beginning.',
    args: [required(zone.id), required(SERVER_ID)],
    run: (run, id, serverId) =>
      once(run, id, { kind, done: 'server reset' }, () => run.client.zone.resetserver(id, serverId)),
  }),
];
