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

/** /etc/hosts for a set of names. Names that share an address share a line, as `hosts(5)` wants. */
export function hostsText(names: ReadonlyMap<string, string>): string {
  const byAddress = Map.groupBy(names, ([, address]) => address);
  const lines = [...byAddress].map(([address, entries]) => `${address} ${entries.map(([name]) => name).join(' ')}`);
  return `127.0.0.1 localhost\n::1 localhost\n${lines.join('\n')}\n`;
}
