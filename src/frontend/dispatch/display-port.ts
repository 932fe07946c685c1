/**
 * Ports of VNC and SPICE displays. A VM gets one when it comes to a host and gives it back when it leaves: the first
 * port plus its id, or the first that is free in the cluster (src/cluster/Cluster.cc, VNC_PORTS, 7.4).
 */
import type { Vector } from '../../opennebula/template.ts';
import { holdsPort, keepsPort } from '../lifecycle/claims.ts';
import { currentRecord, type Vm } from '../objects/vm.ts';
import { edited, without } from '../vm/edit-template.ts';
import { needsPort } from '../vm/graphics.ts';

export interface PortRange {
  /** VNC_PORTS */
  readonly first: number;
  /** Those that are never given out. */
  readonly isReserved: (port: number) => boolean;
}

const HIGHEST = 65535;

/** @param settings VNC_PORTS of the configuration: START, and RESERVED as numbers and ranges `a:b` */
export function portRange({ START = '5900', RESERVED = '' }: Vector): PortRange {
  const reserved = RESERVED.split(',').map((part) => part.trim().split(':').map(Number));
  return {
    first: Number(START),
    isReserved: (port) => reserved.some(([from, to]) => from !== undefined && port >= from && port <= (to ?? from)),
  };
}

/** The VM with the port that it needs, or without the one that it no longer does. @param isTaken in its cluster */
export function withDisplayPort(vm: Vm, range: PortRange, isTaken: (port: number) => boolean): Vm {
  const graphics = vm.template.vector('GRAPHICS');
  if (!graphics) return vm;
  const holds = holdsPort(vm) && currentRecord(vm) !== undefined;
  if (keepsPort(vm)) return vm;
  if (!holds) return graphics.PORT && vm.history.length > 0 ? withGraphics(vm, without(graphics, 'PORT')) : vm;
  if (graphics.PORT || !needsPort(graphics)) return vm;
  const port = choosePort(vm.id, range, isTaken);
  return port === undefined ? vm : withGraphics(vm, { ...graphics, PORT: String(port) });
}

function withGraphics(vm: Vm, graphics: Vector): Vm {
  return { ...vm, template: edited(vm.template, (copy) => copy.set('GRAPHICS', graphics)) };
}

function choosePort(vmId: number, { first, isReserved }: PortRange, isTaken: (port: number) => boolean) {
  const isFree = (port: number) => port <= HIGHEST && !isReserved(port) && !isTaken(port);
  const own = first + (vmId % (HIGHEST - first + 1));
  if (isFree(own)) return own;
  for (let port = first; port <= HIGHEST; port++) if (isFree(port)) return port;
  return undefined;
}
