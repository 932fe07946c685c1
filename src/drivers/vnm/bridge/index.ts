/** `bridge`: a Linux bridge on each host, with the device PHYDEV of the host as a port where the network names one. */
import { bridgedDriver } from '../bridged/driver.ts';
import { bridgeUplink } from '../bridged/uplink.ts';

export const bridge = bridgedDriver({ name: 'bridge', readUplink: bridgeUplink });
