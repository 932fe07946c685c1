/** What a VM's CONTEXT means to a container: the files it sees, and what is done before its command starts. Pure. */

import { printContextFile } from '../../../opennebula/context-file.ts';
import { looseList } from '../../../opennebula/lists.ts';
import { CONTEXT_VARIABLES, namesOf } from './context-variables.ts';

type Context = Readonly<Record<string, string>>;

/** Files for the helper's `vm-prepare`, by their names there. */
export type VmFiles = Readonly<Record<string, string>>;

/** A VM without CONTEXT has no files. */
export function contextFiles(context: Context): VmFiles {
  const files: Record<string, string> = {};
  if (Object.keys(context).length > 0) files['context/context.sh'] = printContextFile(context);
  const keys = authorizedKeys(context);
  if (keys !== '') files['shim/authorized_keys'] = keys;
  const script = startScript(context);
  if (script !== '') files['shim/start-script'] = script;
  return files;
}

/** Whether something is to be done as root before the command starts. */
export function needsRoot(context: Context): boolean {
  const isSet = (name: string) => (context[name] ?? '') !== '';
  return authorizedKeys(context) !== '' || startScript(context) !== '' || GUEST_NAMES.some(isSet);
}

/** What a context asks for that is not done, a sentence for each. */
export function unmetWishes(context: Context): string[] {
  return CONTEXT_VARIABLES.flatMap(({ names, by, does }) =>
    by === 'nobody'
      ? names
          .filter((name) => /^(?!no$|$)/i.test(context[name] ?? ''))
          .map((name) => `${name} of the context has no effect: ${does}`)
      : [],
  );
}

/** SET_HOSTNAME as a host may be called; undefined when it is not set. */
export function wantedHostname({ SET_HOSTNAME = '' }: Context): string | undefined {
  const name = SET_HOSTNAME.trim()
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '')
    .slice(0, LONGEST_HOSTNAME);
  return name === '' ? undefined : name;
}

/** Servers and domains for all interfaces. */
export function wantedDns({ DNS = '', SEARCH_DOMAIN = '' }: Context): { servers: string[]; domains: string[] } {
  return { servers: looseList(DNS), domains: looseList(SEARCH_DOMAIN) };
}

/** The stdin of `vm-prepare`: a name and its content in base64 on each line. */
export function printVmFiles(files: VmFiles): string {
  return Object.entries(files)
    .map(([name, content]) => `${name} ${Buffer.from(content).toString('base64')}\n`)
    .join('');
}

/** Files may be scripts that are run. Keys and scripts are looked at for more than whether they are set. */
const GUEST_NAMES = [...namesOf('guest'), 'FILES_DS', 'FILES'].filter((name) => !/^(SSH|EC2)_|^START_/.test(name));

/** The kernel's own limit. */
const LONGEST_HOSTNAME = 63;

/** OpenNebula's guests take EC2_PUBLIC_KEY for the same (one-context, loc-22-ssh_public_key). */
function authorizedKeys({ SSH_PUBLIC_KEY = '', EC2_PUBLIC_KEY = '' }: Context): string {
  const keys = `${SSH_PUBLIC_KEY}\n${EC2_PUBLIC_KEY}`.split('\n').map((key) => key.trim());
  return keys
    .filter((key) => key !== '')
    .map((key) => `${key}\n`)
    .join('');
}

/** START_SCRIPT_BASE64 wins over START_SCRIPT, as in OpenNebula's guests. */
function startScript({ START_SCRIPT = '', START_SCRIPT_BASE64 = '' }: Context): string {
  const script =
    START_SCRIPT_BASE64 === '' ? START_SCRIPT : Buffer.from(START_SCRIPT_BASE64, 'base64').toString('utf8');
  if (script === '') return '';
  return script.endsWith('\n') ? script : `${script}\n`;
}
