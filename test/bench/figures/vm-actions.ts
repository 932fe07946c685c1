/**
 * What an action on a VM costs over the operation of Docker or of the kernel that it stands on: from the API's call until the
 * VM is where it should be, against the bare operation on a container of the same image on the same host.
 */
import type { Client } from '../../../src/opennebula/client/client.ts';
import type { Vm } from '../../../src/opennebula/client/views.ts';
import { findAll, findText } from '../../../src/opennebula/xml.ts';
import { type ShellWork, startBareContainer, timeOnHost } from '../bare-docker.ts';
import type { Figure } from '../figure.ts';
import { secondsOf } from '../onedock.ts';
import { endVm, runVm, shareSandbox, untilVm } from '../sandbox-stage.ts';

type Change = (client: Client, vm: Vm) => Promise<unknown>;

interface Measured {
  readonly name: string;
  readonly title: string;
  readonly before?: Change;
  readonly act: Change;
  /** Where the action leads; RUNNING unless said. */
  readonly state?: string;
  readonly undo?: Change;
  readonly floorTitle: string;
  /** Fixed text for the host's shell; `$1` is the bare container. */
  readonly bare: ShellWork;
}

const say =
  (action: string): Change =>
  ({ vm: calls }, { id }) =>
    calls.action(action, id);

/** Number of the last one of the VM's template. */
const last = (vm: Vm, kind: 'DISK' | 'NIC') =>
  Number(findText(findAll(vm.element, `TEMPLATE/${kind}`).at(-1) ?? vm.element, `${kind}_ID`));

const KILL = 'docker kill "$1" >/dev/null';
const START = 'docker start "$1" >/dev/null';

const ACTIONS: readonly Measured[] = [
  {
    name: 'vm-poweroff',
    title: 'VM poweroff-hard → POWEROFF',
    act: say('poweroff-hard'),
    state: 'POWEROFF',
    undo: say('resume'),
    floorTitle: 'docker kill',
    bare: { act: KILL, undo: START },
  },
  {
    name: 'vm-resume',
    title: 'VM resume from POWEROFF → RUNNING',
    before: say('poweroff-hard'),
    act: say('resume'),
    floorTitle: 'docker start of a container that was killed',
    bare: { before: KILL, act: START },
  },
  {
    name: 'vm-suspend',
    title: 'VM suspend → SUSPENDED',
    act: say('suspend'),
    state: 'SUSPENDED',
    undo: say('resume'),
    floorTitle: 'docker pause',
    bare: { act: 'docker pause "$1" >/dev/null', undo: 'docker unpause "$1" >/dev/null' },
  },
  {
    name: 'nic-attach',
    title: 'NIC attached to a running VM',
    act: ({ vm: calls }, { id }) => calls.attachnic(id, 'NIC = [ NETWORK = "vms" ]'),
    undo: ({ vm: calls }, vm) => calls.detachnic(vm.id, last(vm, 'NIC')),
    floorTitle: 'a cable from the bridge into the container, by three runs of ip and one of nsenter',
    bare: {
      before: 'pid=$(docker inspect --format "{{.State.Pid}}" "$1")',
      act: `ip link add bare-nic type veth peer name bare-end netns "$pid"; ip link set bare-nic master vmbr0
        ip link set bare-nic up; nsenter --net="/proc/$pid/ns/net" ip link set bare-end up`,
      undo: 'ip link delete bare-nic',
    },
  },
  {
    name: 'disk-attach',
    title: 'volatile disk of 16 MB attached to a running VM',
    act: ({ vm: calls }, { id }) =>
      calls.attach(id, 'DISK = [ TYPE = "fs", FORMAT = "raw", FS = "ext4", SIZE = "16" ]'),
    undo: ({ vm: calls }, vm) => calls.detach(vm.id, last(vm, 'DISK')),
    floorTitle: 'truncate, mkfs.ext4 and mount of such a file',
    bare: {
      before: 'folder=$(mktemp --directory)',
      act: `truncate --size=16M "$folder/disk"; mkfs.ext4 -q "$folder/disk"; mkdir "$folder/at"
        mount -o loop "$folder/disk" "$folder/at"`,
      undo: 'umount "$folder/at"; rm -r "$folder"',
    },
  },
  {
    name: 'vm-snapshot',
    title: 'snapshot of a running VM',
    act: ({ vm: calls }, { id }) => calls.snapshotcreate(id, 'bench'),
    undo: ({ vm: calls }, vm) =>
      calls.snapshotdelete(
        vm.id,
        Number(findText(findAll(vm.element, 'TEMPLATE/SNAPSHOT').at(-1) ?? vm.element, 'SNAPSHOT_ID')),
      ),
    floorTitle: 'docker commit',
    bare: { act: 'docker commit "$1" bare-snapshot >/dev/null', undo: 'docker rmi bare-snapshot >/dev/null' },
  },
  {
    name: 'vm-resize',
    title: 'memory of a running VM resized',
    act: ({ vm: calls }, { id }) => calls.resize(id, 'MEMORY = "96"', false),
    undo: ({ vm: calls }, { id }) => calls.resize(id, 'MEMORY = "64"', false),
    floorTitle: 'docker update --memory',
    bare: { act: 'docker update --memory=96m --memory-swap=-1 "$1" >/dev/null' },
  },
];

export const vmActions: readonly Figure[] = ACTIONS.map(
  ({ name, title, floorTitle, before, act, state, undo, bare }): Figure => ({
    name,
    title,
    floorTitle,
    unit: 's',
    rounds: [9, 2],
    targets: [],
    async prepare(stage) {
      const sandbox = await shareSandbox(stage);
      const { client, host } = sandbox;
      await using made = new AsyncDisposableStack();
      const id = await runVm(sandbox);
      made.defer(() => endVm(sandbox, id));
      const container = made.use(await startBareContainer(sandbox));
      const change = async (how: Change, to = 'RUNNING') => {
        await how(client, await client.vm.info(id));
        await untilVm(client, id, (vm) => (to === 'RUNNING' ? vm.isRunning : vm.state === to));
      };
      const all = made.move();
      return {
        async ours() {
          if (before) await change(before, 'POWEROFF');
          const seconds = await secondsOf(() => change(act, state));
          if (undo) await change(undo);
          return seconds;
        },
        floor: () => timeOnHost(host, bare, [container.name]),
        [Symbol.asyncDispose]: () => all.disposeAsync(),
      };
    },
  }),
);
