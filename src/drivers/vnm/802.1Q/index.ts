/** `802.1Q`: one L2 over all hosts, whose frames leave PHYDEV with the tag VLAN_ID, where the kernels of hosts have VLANs. */
import { bridgedDriver } from '../bridged/driver.ts';
import { vlanUplink } from '../bridged/uplink.ts';

export const vlan = bridgedDriver({ name: '802.1Q', readUplink: vlanUplink });
