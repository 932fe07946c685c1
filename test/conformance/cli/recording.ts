/**
 * What OpenNebula 7.4.0's own commands printed on a front-end with dummy drivers, in UTC: a line with the command, then
 * standard output, standard error and the exit code, as the files in `fixtures/` hold them.
 */
import { readFileSync } from 'node:fs';

export interface Recording {
  readonly argv: readonly string[];
  /** File with the credentials, where it was not oneadmin's. */
  readonly authFile?: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export function recording(name: string): Recording {
  const source = readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8');
  const [, authFile, command = '', stdout = '', stderr = '', exitCode] =
    /^\$ (?:ONE_AUTH=(\S+) )?(.*)\n--- stdout\n([\s\S]*?)--- stderr\n([\s\S]*?)--- exit (\d+)\n?$/.exec(source) ?? [];
  const auth = authFile === undefined ? {} : { authFile };
  return { argv: words(command), ...auth, stdout, stderr, exitCode: Number(exitCode) };
}

/** The document that a recording of `-x` shows, as the daemon sent it: without white space between elements. */
export function recordedXml(name: string): string {
  return recording(name).stdout.replaceAll(/>\s+</g, '><').trim();
}

function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
