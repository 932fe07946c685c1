/** The reduced document that network drivers get: parents are repeated, so paths are searched (one_vmm_exec, 7.4). Pure. */
import { findAll, findText, leaves, type XmlElement } from '../../../opennebula/xml.ts';
import { ActionFailure } from '../../contract/action.ts';

export interface NetworkDocument {
  readonly vmId: string;
  readonly host: string;
  /** NICs of this driver. */
  readonly nics: readonly Readonly<Record<string, string>>[];
  /** What comes or goes with the request: NICs, or aliases, which have no cable. Undefined: the whole VM does. */
  readonly changes: 'nics' | 'aliases' | undefined;
  /** Names of the NICs that are being attached or detached; of all when the whole VM is. */
  readonly targets: readonly string[];
}

/** @throws ActionFailure when VM or host is missing */
export function readNetworkDocument(vm: XmlElement, driver: string): NetworkDocument {
  const vmId = findText(vm, 'ID') ?? '';
  const host = findAll(vm, 'HISTORY_RECORDS/HISTORY/HOSTNAME')[0]?.text ?? '';
  if (vmId === '' || host === '') throw new ActionFailure('The document names no VM and host.');
  const all = (name: string) => findAll(vm, `TEMPLATE/${name}`).map(leaves);
  const nics = all('NIC').filter((nic) => nic.VN_MAD === driver);
  const changed = all('NIC').filter((nic) => nic.ATTACH === 'YES');
  const aliases = all('NIC_ALIAS').filter((alias) => alias.ATTACH === 'YES');
  const changes = changed.length > 0 ? 'nics' : aliases.length > 0 ? 'aliases' : undefined;
  return {
    vmId,
    host,
    nics,
    changes,
    targets: nics
      .filter((nic) => changes === undefined || (changes === 'nics' && nic.ATTACH === 'YES'))
      .flatMap(({ TARGET }) => (TARGET ? [TARGET] : [])),
  };
}
