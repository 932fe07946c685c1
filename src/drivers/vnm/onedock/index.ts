/**
 * The other drivers by a name of its own, for networks of an OpenNebula that has those already: they run on the hosts, and
 * want Ruby and OpenNebula's scripts there. With VXLAN_MODE a network is a VXLAN, with VLAN_ID alone a VLAN, else a bridge.
 */
import { bridgedDriver } from '../bridged/driver.ts';
import { ownUplink } from '../bridged/uplink.ts';

export const onedock = bridgedDriver({ name: 'onedock', readUplink: ownUplink });
