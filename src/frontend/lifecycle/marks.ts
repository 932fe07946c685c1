/** Marks that concern the VM as a whole. */
import type { Vm } from '../objects/vm.ts';
import { withoutSystemSnapshots } from '../vm/snapshots.ts';
import type { Mark } from './mark.ts';

export const notRescheduled: Mark = (vm) => (vm.resched ? { ...vm, resched: false } : vm);
export const rescheduled: Mark = (vm) => ({ ...vm, resched: true });

/** The driver's name of the guest; one that nobody told is what OpenNebula's drivers call it. */
export const deployed: Mark = (vm, { event }) => ({
  ...vm,
  deployId: event.output?.trim().split(/\s+/)[0] || vm.deployId || `one-${vm.id}`,
});

/** The operation that the event names is under way. */
export const begins: Mark = (vm, { event }) => {
  if (!event.operation) throw new TypeError(`${event.name} needs an operation.`);
  return { ...vm, operation: event.operation };
};

/** The guest is told to restart; it keeps running meanwhile. */
export const rebooting =
  (kind: 'reboot' | 'reboot-hard'): Mark =>
  (vm) => ({ ...vm, operation: { kind } });

/** The disks were taken to the front-end, or are taken back from there. */
export const disksOnFrontEnd: Mark = (vm) => ({ ...vm, disksAt: 'front-end' });
export const disksOnHost: Mark = (vm) => ({ ...vm, disksAt: 'host' });

/** The clean-up has to know what it cleans. One that is begun again goes on with what it had to clean. */
export const cleaning: Mark = (vm) => ({
  ...vm,
  operation: { kind: 'cleanup', from: vm.operation?.kind === 'cleanup' ? vm.operation.from : vm.phase },
});

/** Back at the start: nothing on any host belongs to the VM any more. */
export const resubmitted: Mark = ({ operation: _, ...vm }) =>
  withoutSystemSnapshots({ ...vm, deployId: '', disksAt: 'host' });

export const ended: Mark = ({ operation: _, ...vm }, { now }): Vm => ({ ...vm, endedAt: now, resched: false });

/** There is an image to save the disk in. */
export const imageKnown: Mark = (vm, { event }) => {
  const { operation } = vm;
  return operation?.kind === 'disk-saveas' ? { ...vm, operation: { ...operation, source: event.output ?? '' } } : vm;
};
