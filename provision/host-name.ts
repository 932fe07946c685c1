import type { MachineDescription } from './machine-description.ts';

/** A machine's own name, and the names of the others. */
export function hostName(name: string, names: ReadonlyMap<string, string>): MachineDescription {
  return {
    files: [
      { path: '/etc/hostname', mode: 0o644, content: `${name}\n` },
      { path: '/etc/hosts', mode: 0o644, content: hostsText(names) },
    ],
  };
}

/** /etc/hosts for a set of names. */
export function hostsText(names: ReadonlyMap<string, string>): string {
  return `127.0.0.1 localhost\n::1 localhost\n${nameLines(names)}`;
}

const BLOCK_BEGIN = '# Machines of the ONEDock sandbox';
const BLOCK_END = '# End of the ONEDock sandbox';

/** Somebody else's /etc/hosts with a block of names at its end, in the place of a former one. */
export function withHostsBlock(text: string, names: ReadonlyMap<string, string>): string {
  return `${withoutHostsBlock(text)}${BLOCK_BEGIN}\n${nameLines(names)}${BLOCK_END}\n`;
}

export function withoutHostsBlock(text: string): string {
  const rest = text.replace(new RegExp(`^${BLOCK_BEGIN}\\n[^]*?^${BLOCK_END}\\n?`, 'm'), '');
  return rest === '' || rest.endsWith('\n') ? rest : `${rest}\n`;
}

/** Names that share an address share a line, as `hosts(5)` wants. */
function nameLines(names: ReadonlyMap<string, string>): string {
  const byAddress = Map.groupBy(names, ([, address]) => address);
  const lines = [...byAddress].map(([address, entries]) => `${address} ${entries.map(([name]) => name).join(' ')}`);
  return `${lines.join('\n')}\n`;
}
