/** onevm: virtual machines. */
import type { Node } from '../document.ts';
import { type Command, command, optional, type Tool } from './command.ts';
import { createText } from './create.ts';
import { FILE } from './formats.ts';
import { backupCommands } from './onevm/backup-commands.ts';
import { configurationCommands } from './onevm/configuration-commands.ts';
import { diskCommands } from './onevm/disk-commands.ts';
import { diskSnapshotCommands } from './onevm/disk-snapshot-commands.ts';
import { execCommands } from './onevm/exec-commands.ts';
import { lifeCommands } from './onevm/life-commands.ts';
import { nicCommands } from './onevm/nic-commands.ts';
import { pciCommands } from './onevm/pci-commands.ts';
import { reachCommands } from './onevm/reach-commands.ts';
import { fetchVms } from './onevm/related-vms.ts';
import { save } from './onevm/save.ts';
import { scheduleCommands } from './onevm/schedule-commands.ts';
import { snapshotCommands } from './onevm/snapshot-commands.ts';
import { vm } from './onevm/vm.ts';
import { vmGroupCommands } from './onevm/vm-group-commands.ts';
import { vmPage } from './onevm/vm-page.ts';
import { isOnHost, lastRecord, vmTable } from './onevm/vm-table.ts';
import { flag, integer, text } from './option.ts';
import { DECRYPT } from './options/format.ts';
import { EXTENDED } from './options/list.ts';
import type { Line } from './output/page.ts';
import { fetchDocument } from './resource.ts';
import type { Run } from './run.ts';
import { dumpFor, listCommands, membersOf } from './verbs/list.ts';
import { lockCommands, ownerCommands, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';
import { DRY, VM_FLAGS, VM_NAME } from './vm-flags.ts';
import { vmTemplate } from './vm-template.ts';

const MULTIPLE = integer({
  name: 'multiple',
  short: '-m',
  long: '--multiple',
  argument: 'x',
  help: 'Number of VMs to create',
});
const HOLD = flag({ name: 'hold', long: '--hold', help: 'Create VMs on hold, not pending' });
const ALL = flag({ name: 'all', long: '--all', help: 'Show the whole template' });
const SEARCH = text({
  name: 'search',
  long: '--search',
  argument: 'search',
  help: 'VMs of which a path has a value, as in VM.NAME=abc; only OpenNebula with MySQL answers that',
});

const create: Command = command({
  name: 'create',
  help: [
    'Creates a VM from a template, in a file or piped in, or from flags:',
    '  onevm create web.tmpl',
    '  onevm create --name web --memory 128 --cpu 1 --disk web --nic private',
  ].join('\n'),
  args: [optional(FILE)],
  options: [MULTIPLE, HOLD, VM_NAME, DRY, ...VM_FLAGS],
  run: async (run, file) => {
    const template = await createText(run, file, VM_FLAGS, () => vmTemplate(run, { withName: true }));
    if (run.has(DRY)) {
      run.print(template.replace(/\n$/, ''));
      return;
    }
    for (let left = run.get(MULTIPLE) ?? 1; left > 0; left--) {
      run.print(`ID: ${await run.client.vm.allocate(template, run.has(HOLD))}`);
    }
  },
});

async function fetchPool(run: Run, filterFlag: number): Promise<Node> {
  const search = run.get(SEARCH);
  const isExtended = run.has(EXTENDED) && dumpFor(run) !== undefined;
  if (search === undefined && !isExtended) return fetchVms(run, filterFlag);
  const method = run.has(EXTENDED) ? 'one.vmpool.infoextended' : 'one.vmpool.info';
  return fetchDocument(run, method, filterFlag, -1, -1, -1, ...(search === undefined ? [] : [search]));
}

async function clusterNames(run: Run, _pool: Node, titles: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (!titles.includes('CLUSTER')) return new Map();
  const clusters = membersOf(await fetchDocument(run, 'one.clusterpool.info'));
  return new Map([
    ['-1', 'default'],
    ...clusters.map((c): [string, string] => [c.get('ID') ?? '', c.get('NAME') ?? '']),
  ]);
}

async function page(document: Node, run: Run): Promise<Line[]> {
  const record = isOnHost(document) ? lastRecord(document) : undefined;
  const clusterName = record ? await nameOfCluster(run, record.int('CID')) : undefined;
  return vmPage(document, {
    now: run.io.now(),
    wholeTemplate: run.has(ALL),
    ...(clusterName === undefined ? {} : { clusterName }),
  });
}

/** `ERROR` where the user may not see the cluster. */
async function nameOfCluster(run: Run, id: number): Promise<string> {
  if (id === -1) return 'default';
  return run.client.cluster.info(id).then(
    (cluster) => cluster.name,
    () => 'ERROR',
  );
}

export const onevm = {
  name: 'onevm',
  commands: [
    create,
    ...lifeCommands,
    ...diskCommands,
    ...diskSnapshotCommands,
    ...nicCommands,
    ...pciCommands,
    ...snapshotCommands,
    ...scheduleCommands,
    ...configurationCommands,
    ...backupCommands,
    ...execCommands,
    ...vmGroupCommands,
    ...reachCommands,
    save,
    ...ownerCommands(vm),
    ...lockCommands(vm, 'VM'),
    renameCommand(vm),
    updateCommand(vm, { template: 'USER_TEMPLATE' }),
    ...listCommands({
      title: vm.title,
      table: vmTable,
      fetch: fetchPool,
      fetchFacts: clusterNames,
      hasFilterFlag: true,
      hasTop: true,
      options: [SEARCH],
    }),
    showCommand({ resource: vm, page, options: [DECRYPT, ALL] }),
  ],
} satisfies Tool;
