/** The dummy for addresses: takes whatever it is told, and gives out addresses at random (src/ipamm_mad/remotes/dummy, 7.4). */
import { randomInt } from 'node:crypto';
import { parseIp4, printIp4 } from '../../../opennebula/addresses.ts';
import { find, findText, type XmlElement } from '../../../opennebula/xml.ts';
import { ActionFailure, defineAction } from '../../contract/action.ts';
import type { IpamDriver } from '../../contract/families.ts';

/** For a range that was given no addresses. */
const OWN_RANGE = `AR=[TYPE="IP4",IP="10.0.0.1",SIZE="100",NETWORK_MASK="255.255.255.0",GATEWAY="10.0.0.1",DNS="10.0.0.1",IPAM_MAD="dummy"]`;

const done = defineAction({ args: ['requestId'], run: async () => '' });

export const dummy = {
  register_address_range: defineAction({
    args: ['requestId'],
    run: async (_, { document }) => {
      const range = rangeOf(document());
      const ip = findText(range, 'IP');
      return ip ? `AR=[TYPE="IP4",SIZE="${findText(range, 'SIZE')}",IP="${ip}",IPAM_MAD="dummy"]` : OWN_RANGE;
    },
  }),
  unregister_address_range: done,
  allocate_address: done,
  free_address: done,
  get_address: defineAction({
    args: ['requestId'],
    run: async (_, { document }) => {
      const root = document();
      const range = rangeOf(root);
      const wanted = Number(findText(find(root, 'ADDRESS') ?? root, 'SIZE')) || 1;
      const free = Math.max(1, Number(findText(range, 'SIZE')) - wanted + 1);
      return `ADDRESS=[IP="${addressAfter(findText(range, 'IP') ?? '', randomInt(free))}",SIZE="${wanted}"]`;
    },
  }),
} satisfies IpamDriver;

function rangeOf(document: XmlElement): XmlElement {
  const range = find(document, 'AR');
  if (!range) throw new ActionFailure('The document has no AR.');
  return range;
}

function addressAfter(ip: string, offset: number): string {
  return printIp4((parseIp4(ip) ?? 0) + offset);
}
