/** Networks of a VM's NICs are there on its host, each asked for once. */
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import type { NetworkDocument } from './network-document.ts';
import type { ReadUplink } from './uplink.ts';

/** @param moved  a network may have led elsewhere until now @throws HELPER_FAILED, and whatever reading an uplink does */
export async function ensureNetworks(
  host: DockerHost,
  { vmId, nics }: Pick<NetworkDocument, 'vmId' | 'nics'>,
  readUplink: ReadUplink,
  { signal, moved = false }: { readonly signal: AbortSignal; readonly moved?: boolean },
): Promise<void> {
  const uplinks = nics.filter(({ BRIDGE }) => BRIDGE).map((nic) => ({ ...readUplink(nic), target: nic.TARGET ?? '' }));
  const networks = Map.groupBy(uplinks, ({ verb, args }) => [verb, ...args].join(' '));
  await Promise.all(
    Array.from(networks.values(), async ([first, ...others]) => {
      if (!first) return;
      const { verb, args, counted } = first;
      if (!counted) return await host.helper(verb, args, { shared: true, signal });
      const marks = [first, ...others].map(({ target }) => `nic=${target}`);
      return await host.helper(verb, [vmId, ...args, ...marks, ...(moved ? ['moved'] : [])], { signal });
    }),
  );
}
