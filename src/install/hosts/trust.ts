/** Keys of hosts in oneadmin's known_hosts: without them the drivers refuse a machine. Lines of ours end in a comment. */
import type { Root } from '../root.ts';

const COMMENT = 'onedock';

/** A name on another port than 22 stands in brackets (sshd(8)). */
export const knownName = (host: string, port: number) => (port === 22 ? host : `[${host}]:${port}`);

/** Text with a line for the host; as it is when that host's key is known already. */
export function withKey(text: string, name: string, hostKey: string): string {
  const [type = '', key = ''] = hostKey.split(' ');
  const isKnown = text
    .split('\n')
    .map((line) => line.split(/\s+/))
    .some(([hosts = '', , known]) => hosts.split(',').includes(name) && known === key);
  if (isKnown) return text;
  const rest = withoutKey(text, name);
  return `${rest}${rest === '' || rest.endsWith('\n') ? '' : '\n'}${name} ${type} ${key} ${COMMENT}\n`;
}

/** Text without the lines of ours for the host. */
export function withoutKey(text: string, name: string): string {
  return text
    .split('\n')
    .filter((line) => !(line.startsWith(`${name} `) && line.endsWith(` ${COMMENT}`)))
    .join('\n');
}

/** @param edit  from the text that is there to the one that is to be */
export async function editKnownHosts(root: Root, path: string, edit: (text: string) => string): Promise<void> {
  const before = (await root.readText(path)) ?? '';
  const after = edit(before);
  if (after === before) return;
  const oneadmin = (await root.owner('oneadmin')) ?? { user: 0, group: 0 };
  await root.write(path, after, (await root.attributes(path)) ?? { mode: 0o644, ...oneadmin });
}
