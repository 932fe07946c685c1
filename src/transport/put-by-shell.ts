import { readFile, stat } from 'node:fs/promises';
import type { Transport } from './transport.ts';

/** Writes beside the target first, so that whoever opens the file sees all of it or none. */
const RECEIVE = 'umask 077 && cat >"$1.part" && chmod "$2" "$1.part" && mv -f "$1.part" "$1"';

/** `put` for a place that has a shell but no file transfer of its own. */
export async function putByShell(transport: Pick<Transport, 'run'>, localPath: string, remotePath: string) {
  const [content, { mode }] = await Promise.all([readFile(localPath), stat(localPath)]);
  await transport.run(['sh', '-c', RECEIVE, 'put', remotePath, (mode & 0o7777).toString(8)], { stdin: content });
}
