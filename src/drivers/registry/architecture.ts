/** Architectures of processors in the words of Docker and OCI. */
export const ARCHITECTURES = ['amd64', 'arm64', 'arm', '386', 'ppc64le', 's390x', 'riscv64'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

/** What Node calls otherwise. */
const NODE_NAMES: Readonly<Partial<Record<string, Architecture>>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

/** That of this machine. */
export function ownArchitecture(): Architecture {
  return NODE_NAMES[process.arch] ?? ARCHITECTURES.find((name) => name === process.arch) ?? 'amd64';
}
