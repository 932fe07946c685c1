/** The reduced document that network drivers get: parents are repeated, so paths are searched (one_vmm_exec, 7.4). Pure. */
import { findAll, findText, leaves, type XmlElement } from '../../../opennebula/xml.ts';
import { ActionFailure } from '../../contract/action.ts';

export interface NetworkDocument {
  readonly vmId: string;
  readonly host: string;
  /** Bridges of the NICs of this driver, each once, with the device that is to be a port. */
  readonly bridges: readonly { readonly bridge: string; readonly port: string | undefined }[];
  /** Names of the NICs that are being detached; of all when none is. */
  readonly targets: readonly string[];
}

/** @throws ActionFailure when VM or host is missing */
export function readNetworkDocument(vm: XmlElement, driver: string): NetworkDocument {
  const vmId = findText(vm, 'ID') ?? '';
  const host = findAll(vm, 'HISTORY_RECORDS/HISTORY/HOSTNAME')[0]?.text ?? '';
  if (vmId === '' || host === '') throw new ActionFailure('The document names no VM and host.');
  const nics = findAll(vm, 'TEMPLATE/NIC')
    .map(leaves)
    .filter((nic) => nic.VN_MAD === driver);
  const bridges = new Map(nics.flatMap(({ BRIDGE, PHYDEV }) => (BRIDGE ? [[BRIDGE, PHYDEV || undefined]] : [])));
  const detached = nics.filter((nic) => nic.ATTACH === 'YES');
  return {
    vmId,
    host,
    bridges: [...bridges].map(([bridge, port]) => ({ bridge, port })),
    targets: (detached.length > 0 ? detached : nics).flatMap(({ TARGET }) => (TARGET ? [TARGET] : [])),
  };
}
