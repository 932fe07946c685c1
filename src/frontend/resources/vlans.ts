/** VLAN tags and VXLAN numbers for networks that want any (src/vnm/VirtualNetworkPool.cc, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import type { VlanSource } from '../objects/vnet-template.ts';
import type { Cloud } from '../store/cloud.ts';

/** Tags of 802.1Q, less the last one, which is reserved. */
const VLAN_COUNT = 4095;

/** @param vlanIds VLAN_IDS and VXLAN_IDS of the configuration */
export function vlanSource(cloud: Cloud, vlanIds: Readonly<Vector>, vxlanIds: Readonly<Vector>): VlanSource {
  const start = Number(vlanIds.START ?? 2);
  return {
    vlan(vnetId) {
      const taken = new Set([...reservedTags(vlanIds.RESERVED ?? ''), ...tagsInUse(cloud)]);
      const hint = start + (vnetId % (VLAN_COUNT - start));
      for (let step = 0; step < VLAN_COUNT - start; step++) {
        const tag = start + ((hint - start + step) % (VLAN_COUNT - start));
        if (!taken.has(tag)) return tag;
      }
      return undefined;
    },
    vxlan: (vnetId) => Number(vxlanIds.START ?? 2) + vnetId,
  };
}

function tagsInUse(cloud: Cloud): number[] {
  return Array.from(cloud.pools.vnet.all()).flatMap(({ vlanId, vlanIdAutomatic }) =>
    vlanIdAutomatic ? [Number(vlanId)] : [],
  );
}

/** `0, 1, 4095` or `10:20`. */
function reservedTags(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split(':').map((number) => Number.parseInt(number, 10));
    return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
