/**
 * A VM's template as documents show it while something is under way: the device or snapshot concerned is marked, which
 * is how drivers find it (ATTACH, ACTIVE, HOTPLUG_SAVE_AS, RESIZE; src/vm/VirtualMachine*.cc, 7.4).
 */
import { Template, type Vector } from '../../opennebula/template.ts';
import type { Vm } from './vm.ts';
import type { Operation } from './vm-operation.ts';

/** The template itself when nothing is to be marked. */
export function shownTemplate(vm: Vm): Template {
  const { operation, template } = vm;
  const marks = operation && marksOf(operation);
  if (!marks) return template;
  const shown = new Template(
    template.attributes.map(([name, value]) =>
      typeof value !== 'string' && marks.concerns(name, value)
        ? [name, { ...value, ...marks.attributes }]
        : [name, value],
    ),
  );
  return operation.kind === 'resize' ? shown.add('RESIZE', resizeVector(operation)) : shown;
}

interface Marks {
  readonly concerns: (name: string, vector: Vector) => boolean;
  readonly attributes: Vector;
}

function marksOf(operation: Operation): Marks | undefined {
  const disk = (diskId: number, attributes: Vector): Marks => ({
    concerns: (name, vector) => name === 'DISK' && vector.DISK_ID === String(diskId),
    attributes,
  });
  switch (operation.kind) {
    case 'disk-attach':
    case 'disk-detach':
      return disk(operation.diskId, { ATTACH: 'YES' });
    case 'nic-attach':
    case 'nic-detach':
      return {
        concerns: (name, vector) => name.startsWith('NIC') && vector.NIC_ID === String(operation.nicId),
        attributes: { ATTACH: 'YES' },
      };
    case 'snapshot-create':
    case 'snapshot-revert':
    case 'snapshot-delete':
      return {
        concerns: (name, vector) => name === 'SNAPSHOT' && vector.SNAPSHOT_ID === String(operation.snapshotId),
        attributes: { ACTIVE: 'YES', ACTION: operation.kind.slice('snapshot-'.length).toUpperCase() },
      };
    case 'disk-snapshot-create':
    case 'disk-snapshot-revert':
    case 'disk-snapshot-delete':
      return disk(operation.diskId, { DISK_SNAPSHOT_ACTIVE: 'YES', DISK_SNAPSHOT_ID: String(operation.snapshotId) });
    case 'disk-saveas':
      return disk(operation.diskId, {
        HOTPLUG_SAVE_AS_ACTIVE: 'YES',
        HOTPLUG_SAVE_AS: String(operation.imageId),
        HOTPLUG_SAVE_AS_SOURCE: operation.source,
        ...(operation.snapshotId < 0 ? {} : { HOTPLUG_SAVE_AS_SNAPSHOT_ID: String(operation.snapshotId) }),
      });
    case 'disk-resize':
      return disk(operation.diskId, { RESIZE: 'YES', SIZE_PREV: String(operation.previousSizeMb) });
    case 'resize':
      return { concerns: () => false, attributes: {} };
    default:
      return undefined;
  }
}

/** What the capacity was before. */
function resizeVector({ previous }: Extract<Operation, { kind: 'resize' }>): Vector {
  const { cpu, memory, vcpu } = previous;
  return { CPU: cpu, MEMORY: memory, ...(vcpu === undefined ? {} : { VCPU: vcpu }) };
}
