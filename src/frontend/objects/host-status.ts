/** States of a host, and what administrators and failures make of them (src/host/Host.cc, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import type { Host } from './host.ts';

/** `one.host.status` by number. */
export const HOST_STATUS: Readonly<Record<number, (host: Host) => Host>> = {
  0: enableHost,
  1: (host) => ({ ...host, state: 'DISABLED' }),
  2: takeOffline,
};

function enableHost(host: Host): Host {
  const known = host.state === 'DISABLED' && host.share.totalCpu > 0;
  return { ...host, state: known ? 'MONITORED' : 'INIT' };
}

const CAPACITY_ATTRIBUTES = ['TOTALCPU', 'TOTALMEMORY', 'FREECPU', 'FREEMEMORY', 'USEDCPU', 'USEDMEMORY'];

/** What the host has is unknown while nobody looks; what it was promised to stays. */
function takeOffline(host: Host): Host {
  const template = host.template.clone();
  for (const name of CAPACITY_ATTRIBUTES) template.delete(name);
  return {
    ...host,
    state: 'OFFLINE',
    share: { ...host.share, totalCpu: 0, totalMem: 0, maxCpu: 0, maxMem: 0 },
    template,
  };
}

/**
 * The host when its agent cannot be reached or reports a failure. Disabled and offline hosts stay what they are.
 * @param stamp time as `logTime` prints it
 */
export function failHost(host: Host, message: string, stamp: string): Host {
  const text = `Error monitoring Host ${host.name} (${host.id}): ${message}`;
  const template = host.template.clone().set('ERROR', `${stamp} : ${text}`);
  const keepsState = host.state === 'OFFLINE' || host.state === 'DISABLED';
  return { ...host, template, state: keepsState ? host.state : 'ERROR' };
}

/** Whether monitoring looks at the host. */
export function isWatched(host: Host): boolean {
  return host.state !== 'OFFLINE';
}

/** The host with its new template, which may name other drivers. */
export function withHostTemplate(host: Host, given: Template): Host {
  const imMad = given.get('IM_MAD') || host.imMad;
  const vmMad = given.get('VM_MAD') || host.vmMad;
  return { ...host, imMad, vmMad, template: given.set('IM_MAD', imMad).set('VM_MAD', vmMad) };
}
