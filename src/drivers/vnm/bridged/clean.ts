import type { XmlElement } from '../../../opennebula/xml.ts';
import { findText } from '../../../opennebula/xml.ts';
import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { applyFilters } from './apply-filters.ts';
import { readNetworkDocument } from './network-document.ts';
import type { BridgedNetworks } from './networks.ts';

/**
 * CLEAN: cables and filters of the VM are gone, or of the NIC that is being detached; of an alias, its addresses. A network that
 * was made for NICs is gone with the last of them. A plain bridge stays: others may use it, and it costs nothing.
 * @param host  that the VM leaves. When it is moved, the document names the one that it moves to (src/vmm, trigger_save, 7.4)
 */
export const cleanOf = ({ name: driver }: BridgedNetworks) =>
  defineAction({
    args: ['host?', '...ignored'],
    async run({ host: left }, { document, hosts, signal }: ActionContext & HostServices) {
      const { vmId, host: present, changes, targets } = readNetworkDocument(document(), driver);
      const name = left || present;
      if (changes === 'aliases') {
        const host = await hosts.connect(name, signal);
        await applyFilters(host, withoutAliases(document()), { driver, vmId, loosen: true, signal });
        return;
      }
      if (targets.length === 0) return;
      const host = await hosts.connect(name, signal);
      await host.helper('nic-unplug', [vmId, ...targets], { signal });
    },
  });

/** The document without what is being detached. */
function withoutAliases(element: XmlElement): XmlElement {
  const stays = (child: XmlElement) => child.name !== 'NIC_ALIAS' || findText(child, 'ATTACH') !== 'YES';
  return { ...element, children: element.children.filter(stays).map(withoutAliases) };
}
