/**
 * Where expressions look their attributes up: in several parts of a document, the first hit in document order counts
 * (src/host/Host.cc, src/datastore/Datastore.cc, src/vnm/VirtualNetwork.cc, src/xml/ObjectXML.cc, 7.4). Common names are
 * found without a document; a path such as `/HOST/VMS/ID` is looked up in one.
 */
import { HOST_STATE } from '../../opennebula/numbers.ts';
import type { Template } from '../../opennebula/template.ts';
import { findAll, parseXml, type XmlElement } from '../../opennebula/xml.ts';
import type { Datastore } from '../objects/datastore.ts';
import { datastoreXml } from '../objects/datastore.ts';
import { hostXml } from '../objects/host.ts';
import { memoize } from '../objects/memoize.ts';
import { type Vnet, vnetXml } from '../objects/vnet.ts';
import type { Attributes } from './requirement.ts';
import type { HostRoom, NetworkRoom } from './rooms.ts';

/** Counters are read when they are asked for, so a host's attributes stay right while VMs are placed on it. */
export const hostAttributes = memoize((room: HostRoom): Attributes => {
  const { host, vmIds, sample, clusterTemplate } = room.view;
  return {
    values(name) {
      if (name === 'CURRENT_VMS') return [...vmIds, ...room.placed].map(String);
      if (name.includes('/')) return inDocument(parseXml(hostXml(host, vmIds)), HOST_PLACES, name);
      const found = Object.hasOwn(HOST_FIGURES, name) ? HOST_FIGURES[name]?.(room) : undefined;
      const sampled = sample[name];
      return [
        ...(found === undefined ? [] : [String(found)]),
        ...templateValues(host.template, name),
        ...(sampled === undefined ? [] : [sampled]),
        ...templateValues(clusterTemplate, name),
      ];
    },
  };
});

const HOST_FIGURES: Readonly<Record<string, (room: HostRoom) => string | number>> = {
  ID: ({ view }) => view.host.id,
  NAME: ({ view }) => view.host.name,
  STATE: ({ view }) => HOST_STATE[view.host.state],
  PREV_STATE: ({ view }) => HOST_STATE[view.host.state],
  CLUSTER_ID: ({ view }) => view.host.clusterId,
  CLUSTER: ({ view }) => view.host.cluster,
  MEM_USAGE: (room) => room.memoryUsedKb,
  CPU_USAGE: (room) => room.cpuUsed,
  TOTAL_MEM: ({ view }) => view.host.share.totalMem,
  TOTAL_CPU: ({ view }) => view.host.share.totalCpu,
  MAX_MEM: ({ view }) => view.host.share.maxMem,
  MAX_CPU: ({ view }) => view.host.share.maxCpu,
  RUNNING_VMS: (room) => room.runningVms,
  DISK_USAGE: ({ view }) => view.host.share.diskUsage,
  FREE_DISK: ({ view }) => view.host.share.freeDisk,
  MAX_DISK: ({ view }) => view.host.share.maxDisk,
  USED_DISK: ({ view }) => view.host.share.usedDisk,
};

const HOST_PLACES = ['TEMPLATE', 'HOST_SHARE', 'HOST_SHARE/DATASTORES', 'MONITORING/CAPACITY', 'MONITORING/SYSTEM', ''];

export const datastoreAttributes = memoize((datastore: Datastore): Attributes => {
  const own: Readonly<Record<string, () => readonly (string | number)[]>> = {
    ID: () => [datastore.id],
    NAME: () => [datastore.name],
    TM_MAD: () => [datastore.tmMad],
    'CLUSTERS/ID': () => datastore.clusterIds,
    TOTAL_MB: () => [datastore.totalMb],
    FREE_MB: () => [datastore.freeMb],
    USED_MB: () => [datastore.usedMb],
  };
  return {
    values(name) {
      const found = own[name]?.();
      if (found) return found.map(String);
      if (!name.includes('/') && datastore.template.has(name)) return templateValues(datastore.template, name);
      return inDocument(parseXml(datastoreXml(datastore, [])), ['TEMPLATE', ''], name);
    },
  };
});

export function networkAttributes({ vnet, usedLeases }: NetworkRoom): Attributes {
  const own: Readonly<Record<string, () => readonly (string | number)[]>> = {
    ID: () => [vnet.id],
    NAME: () => [vnet.name],
    USED_LEASES: () => [usedLeases],
    'CLUSTERS/ID': () => vnet.clusterIds,
  };
  return {
    values(name) {
      const found = own[name]?.();
      if (found) return found.map(String);
      if (!name.includes('/') && vnet.template.has(name)) return templateValues(vnet.template, name);
      return inDocument(parseXml(documentOf(vnet)), ['TEMPLATE', ''], name);
    },
  };
}

function documentOf(vnet: Vnet): string {
  return vnetXml(vnet, [], { vrouters: [], updated: [], outdated: [], updating: [], error: [] });
}

function templateValues({ attributes }: Template, name: string): string[] {
  const values: string[] = [];
  for (const [key, value] of attributes) if (key === name && typeof value === 'string') values.push(value);
  return values;
}

/** Values of a name below each of the places, or of an absolute path. Empty ones are no hits. */
function inDocument(root: XmlElement, places: readonly string[], name: string): string[] {
  const paths = name.startsWith('/')
    ? [name.split('/').slice(2).join('/')]
    : places.map((place) => (place === '' ? name : `${place}/${name}`));
  return paths.flatMap((path) => findAll(root, path)).flatMap(({ text }) => (text === '' ? [] : [text]));
}
