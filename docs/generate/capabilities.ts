/**
 * docs/reference/capabilities.md: what VMs can do here and with others. Our own column is what the driver tables say. The
 * others are facts: of ONEDock 1.2.2 (2017) its scripts, of OpenNebula 7.4 whether `src/vmm_mad/remotes/<hypervisor>/<action>`
 * is a program or says "Operation not supported", and LIVE_DISK_SNAPSHOTS of vmm_execrc.
 */
import type { Action } from '../../src/drivers/contract/action.ts';
import type { ActionFamily } from '../../src/drivers/contract/families.ts';
import { driverTable } from '../../src/drivers/table.ts';

type Actions = Readonly<Record<string, Pick<Action, 'refusal'>>>;

interface Capability {
  /** What a user asks for. */
  readonly what: string;
  readonly by: string;
  /** `family/action` of the driver `onedock`: all that it takes. */
  readonly takes: readonly `${ActionFamily}/${string}`[];
  /** ONEDock of 2017, OpenNebula's LXC and KVM drivers. */
  readonly others: readonly [first: boolean, lxc: boolean, kvm: boolean];
}

const all = [true, true, true] as const;
const notAtFirst = [false, true, true] as const;
const kvmOnly = [false, false, true] as const;

export const CAPABILITIES: readonly Capability[] = [
  {
    what: 'deploy, terminate',
    by: 'onevm create, terminate',
    takes: ['vmm/deploy', 'vmm/shutdown', 'vmm/cancel'],
    others: all,
  },
  {
    what: 'power off, resume',
    by: 'onevm poweroff, resume',
    takes: ['vmm/shutdown', 'vmm/deploy'],
    others: notAtFirst,
  },
  { what: 'restart', by: 'onevm reboot', takes: ['vmm/reboot', 'vmm/reset'], others: notAtFirst },
  {
    what: 'suspend, with what processes know',
    by: 'onevm suspend',
    takes: ['vmm/save', 'vmm/restore'],
    others: kvmOnly,
  },
  { what: 'stop, to start on any host', by: 'onevm stop', takes: ['vmm/save', 'tm/mv'], others: kvmOnly },
  {
    what: 'undeploy, to start on any host',
    by: 'onevm undeploy',
    takes: ['vmm/shutdown', 'tm/mv'],
    others: notAtFirst,
  },
  { what: 'migrate, switched off', by: 'onevm migrate --poff', takes: ['vmm/shutdown', 'tm/mv'], others: notAtFirst },
  { what: 'migrate, saved', by: 'onevm migrate', takes: ['vmm/save', 'vmm/restore', 'tm/mv'], others: kvmOnly },
  {
    what: 'migrate while it runs',
    by: 'onevm migrate --live',
    takes: ['vmm/migrate', 'tm/premigrate'],
    others: kvmOnly,
  },
  {
    what: 'attach a disk while it runs',
    by: 'onevm disk-attach',
    takes: ['vmm/attach_disk', 'vmm/detach_disk'],
    others: kvmOnly,
  },
  {
    what: 'attach a NIC while it runs',
    by: 'onevm nic-attach',
    takes: ['vmm/attach_nic', 'vmm/detach_nic'],
    others: notAtFirst,
  },
  {
    what: 'change its context while it runs',
    by: 'onevm updateconf',
    takes: ['vmm/prereconfigure', 'vmm/reconfigure'],
    others: notAtFirst,
  },
  { what: 'change CPU and memory while it runs', by: 'onevm resize', takes: ['vmm/resize'], others: kvmOnly },
  {
    what: 'grow a disk while it runs',
    by: 'onevm disk-resize',
    takes: ['tm/resize', 'vmm/resize_disk'],
    others: kvmOnly,
  },
  {
    what: 'snapshots of the VM',
    by: 'onevm snapshot-create',
    takes: ['vmm/snapshot_create', 'vmm/snapshot_revert', 'vmm/snapshot_delete'],
    others: kvmOnly,
  },
  {
    what: 'snapshots of a disk while it runs',
    by: 'onevm disk-snapshot-create',
    takes: ['tm/snap_create_live'],
    others: notAtFirst,
  },
  {
    what: 'go back to a snapshot of a disk',
    by: 'onevm disk-snapshot-revert',
    takes: ['tm/snap_revert', 'tm/snap_delete'],
    others: notAtFirst,
  },
  {
    what: 'save a disk as an image',
    by: 'onevm disk-saveas',
    takes: ['tm/cpds', 'datastore/mkfs'],
    others: notAtFirst,
  },
  { what: 'images that keep what VMs write', by: 'oneimage persistent', takes: ['tm/ln', 'tm/mvds'], others: all },
  { what: 'empty images', by: 'oneimage create', takes: ['datastore/mkfs'], others: notAtFirst },
  { what: 'copies of images', by: 'oneimage clone', takes: ['datastore/clone'], others: notAtFirst },
  { what: 'deleted images give their space back', by: 'oneimage delete', takes: ['datastore/rm'], others: notAtFirst },
  { what: 'security groups', by: 'onesecgroup update', takes: ['vnm/post', 'vnm/update_sg'], others: notAtFirst },
  { what: 'run a command in the guest', by: 'onevm exec', takes: ['vmm/exec'], others: kvmOnly },
];

export async function renderCapabilities(): Promise<string> {
  const tables = Object.fromEntries(
    await Promise.all(
      (['datastore', 'tm', 'vmm', 'vnm'] as const).map(
        async (family) => [family, (await driverTable[family].onedock?.load()) as Actions] as const,
      ),
    ),
  );
  const refusalOf = ({ takes }: Capability) =>
    takes
      .map((name) => name.split('/'))
      .flatMap(([family = '', action = '']) => tables[family]?.[action]?.refusal ?? [])[0];
  const mark = (can: boolean) => (can ? '✓' : '–');
  const rows = CAPABILITIES.map((capability) => {
    const { what, by, others } = capability;
    const marks = [refusalOf(capability) === undefined, ...others].map(mark);
    return `| ${what} | \`${by}\` | ${marks.join(' | ')} |`;
  });
  const refused = CAPABILITIES.flatMap((capability) => {
    const refusal = refusalOf(capability);
    return refusal === undefined ? [] : [`- **${capability.what}**: ${refusal}`];
  });
  return [
    '# What VMs can do',
    "ONEDock beside the first ONEDock (1.2.2, 2017) and OpenNebula 7.4's own drivers for containers and for virtual machines. Each line is what its driver does with its usual storage; the column of this ONEDock is made from its [driver tables](drivers.md).",
    ['| | by | ONEDock | first ONEDock | LXC | KVM |', '|---|---|---|---|---|---|', ...rows].join('\n'),
    'Here `stop` and `migrate` keep all files and end the processes, as the log of the VM then says. `migrate --live` takes processes along between hosts with Docker on which CRIU works, and is refused elsewhere, with all that is in the way ([how](../how-to/migrate-live.md)).',
    ...(refused.length > 0 ? [['What ONEDock refuses, it refuses in words:', '', ...refused].join('\n')] : []),
    '## On which engines',
    [
      '| engine | |',
      '|---|---|',
      '| Docker 20.10 and later | ✓; drivers are tested on 20.10 and on 29, there with containerd 2.4 and its store of images |',
      '| Docker with [`userns-remap`](../how-to/use-userns-remap.md) | ✓, with Linux 5.12 or later for disks |',
      '| [Podman](../how-to/use-podman.md) 4.3 and later, of root’s | ✓ |',
      '| [Podman without root](../how-to/use-podman.md#without-root) 4.3 and later | ✓, with Linux 5.13 and cgroup v2. With cgroup v1 it has no limits: the host is in error and says so, unless the settings accept that; suspending, snapshots and resizing of VMs that run are refused then |',
      '| Docker without root | refused: the host is in error and says so, as such an engine does not tell whose the disks of its containers are to be |',
    ].join('\n'),
  ].join('\n\n');
}
