/** What the NICs of a VM let through comes into force on its host. */
import type { XmlElement } from '../../../opennebula/xml.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { printNicFilters, readNicFilters } from '../../hosts/nic-filter.ts';

export interface FilterOptions {
  /** Whose networks count. */
  readonly driver: string;
  readonly vmId: string;
  /** Names of NICs whose filters are all that is touched. */
  readonly targets?: readonly string[];
  /** NICs that let everything through are told of, too: they may have had a filter. */
  readonly loosen?: boolean;
  readonly signal: AbortSignal;
}

/** @throws HELPER_FAILED, also where the host has no nftables and a filter is wanted */
export async function applyFilters(host: DockerHost, document: XmlElement, options: FilterOptions): Promise<void> {
  const { driver, vmId, targets, loosen = false, signal } = options;
  const filters = readNicFilters(
    document,
    (nic) => nic.VN_MAD === driver && (targets === undefined || targets.includes(nic.TARGET ?? '')),
  );
  const wanted = loosen ? filters : filters.filter(({ lines }) => lines.length > 0);
  if (wanted.length > 0) await host.helper('nic-filter', [vmId], { stdin: printNicFilters(wanted), signal });
}
