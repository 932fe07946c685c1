/** The front-end program's options, from its arguments and oned.conf. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { codeOf, messageOf } from '../errors/thrown.ts';
import { parseTemplate, Template } from '../opennebula/template.ts';
import { Configuration } from './configuration/configuration.ts';
import { fail } from './errors.ts';

export interface ProgramOptions {
  readonly configuration: Configuration;
  readonly port: number;
  readonly address: string;
  /** Home of oneadmin: store, one_auth, files of VMs, remotes. */
  readonly dataFolder: string;
  readonly authFile: string;
  /** Where oned.log and the logs of VMs go; undefined: oned.log to standard output, VMs' below the data. */
  readonly logFolder: string | undefined;
  /** Where spans of all its work are written; nowhere unless given. */
  readonly traceFile: string | undefined;
  /** Waits for a front-end that is being started, instead of being one. */
  readonly wait: boolean;
}

export const USAGE = `Usage: onedock-frontend [options]

  --port N         port of the API (PORT of the configuration, 2633)
  --listen ADDR    address of the API (LISTEN_ADDRESS, 0.0.0.0)
  --data DIR       store, one_auth and files of VMs (/var/lib/one)
  --auth FILE      session of the first administrator (DIR/.one/one_auth; made when there is none)
  --config FILE    oned.conf (/etc/one/oned.conf, if there is one)
  --log DIR        oned.log and logs of VMs (/var/log/one); "-" for standard output
  --trace FILE     how long each piece of work takes, in Chrome's trace format
  --wait           wait until the front-end answers, and end
  --help           this text
`;

const DEFAULT_CONFIG = '/etc/one/oned.conf';

/** @throws FRONTEND_ARGUMENTS, FRONTEND_CONFIGURATION_UNREADABLE */
export async function readOptions(args: readonly string[]): Promise<ProgramOptions> {
  const values = parse(args);
  const configuration = new Configuration(await readConfiguration(values.config));
  const dataFolder = values.data ?? '/var/lib/one';
  const log = values.log ?? '/var/log/one';
  return {
    configuration,
    port: readPort(values.port ?? configuration.text('PORT')),
    address: values.listen ?? configuration.text('LISTEN_ADDRESS'),
    dataFolder,
    authFile: values.auth ?? join(dataFolder, '.one', 'one_auth'),
    logFolder: log === '-' ? undefined : log,
    traceFile: values.trace,
    wait: values.wait ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    port: text,
    listen: text,
    data: text,
    auth: text,
    config: text,
    log: text,
    trace: text,
    wait: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw fail('FRONTEND_ARGUMENTS', { problem: messageOf(error) }, error);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw fail('FRONTEND_ARGUMENTS', { problem: `"${text}" is no port.` });
}

async function readConfiguration(given: string | undefined): Promise<Template> {
  const path = given ?? DEFAULT_CONFIG;
  try {
    return parseTemplate(await readFile(path, 'utf8'));
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    if (missing && given === undefined) return new Template();
    const problem = messageOf(error);
    throw fail('FRONTEND_CONFIGURATION_UNREADABLE', { path, problem }, error);
  }
}
