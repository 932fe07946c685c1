/** `vxlan`: one L2 over all hosts, whose frames travel as UDP packets over PHYDEV. VLAN_ID tells networks apart. */
import { bridgedDriver } from '../bridged/driver.ts';
import { vxlanUplink } from '../bridged/uplink.ts';

export const vxlan = bridgedDriver({ name: 'vxlan', readUplink: vxlanUplink });
