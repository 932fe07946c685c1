/** VDCs when what they hold goes. */
import type { Vdc, VdcList } from '../objects/vdc.ts';
import type { Cloud } from '../store/cloud.ts';

/** Takes an object out of every VDC. Within a transaction. */
export function removeFromVdcs(cloud: Cloud, list: VdcList, id: number): void {
  changeVdcs(cloud, (vdc) =>
    vdc[list].some((resource) => resource.id === id)
      ? { ...vdc, [list]: vdc[list].filter((resource) => resource.id !== id) }
      : vdc,
  );
}

/** Takes a group out of every VDC. Within a transaction. */
export function removeGroupFromVdcs(cloud: Cloud, groupId: number): void {
  changeVdcs(cloud, (vdc) =>
    vdc.groupIds.includes(groupId) ? { ...vdc, groupIds: vdc.groupIds.filter((id) => id !== groupId) } : vdc,
  );
}

function changeVdcs(cloud: Cloud, change: (vdc: Vdc) => Vdc): void {
  for (const vdc of [...cloud.pools.vdc.all()]) cloud.pools.vdc.put(change(vdc));
}
