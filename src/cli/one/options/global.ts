/** Options of every command. */
import { flag, text } from '../option.ts';

export const VERBOSE = flag({ name: 'verbose', short: '-v', long: '--verbose', help: 'Verbose mode' });
export const HELP = flag({ name: 'help', short: '-h', long: '--help', help: 'Show this message' });
export const VERSION = flag({
  name: 'version',
  short: '-V',
  long: '--version',
  help: 'Show version and copyright information',
});
export const USER = text({ name: 'user', long: '--user', argument: 'name', help: 'User name to connect with' });
export const PASSWORD = text({
  name: 'password',
  long: '--password',
  argument: 'password',
  help: 'Password to connect with; asked for when only the user is given',
});
export const ENDPOINT = text({
  name: 'endpoint',
  long: '--endpoint',
  argument: 'endpoint',
  help: 'URL of the XML-RPC interface of OpenNebula',
});
export const GRPC = flag({ name: 'grpc', long: '--grpc', help: 'Use gRPC, which this tool does not speak' });

export const GLOBAL_OPTIONS = [VERBOSE, HELP, VERSION, USER, PASSWORD, ENDPOINT, GRPC] as const;
