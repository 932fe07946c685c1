/** Verbs on what is scheduled for VMs, and on charters, which are a usual schedule. */
import { type Command, command, optional, required } from '../command.ts';
import { FILE, intFormat } from '../formats.ts';
import { templateDump } from '../output/template-dump.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import { updatedText } from '../text-source.ts';
import { once, refusedAs } from '../verbs/each.ts';
import { vm } from './vm.ts';

const SCHED_ID = intFormat('sched_id', 'Scheduled Action id');

function updateScheduled(name: string, help: string): Command {
  return command({
    name,
    help,
    args: [required(vm.id), required(SCHED_ID), optional(FILE)],
    run: (run, id, actionId, file) =>
      once(run, id, { kind: vm.kind, done: 'Sched action updated' }, async () => {
        const document = await fetchDocument(run, 'one.vm.info', id, false);
        const action = document.all('TEMPLATE/SCHED_ACTION').find((candidate) => candidate.int('ID') === actionId);
        if (!action) throw new Refusal(`Sched action ${actionId} not found`);
        const attributes = await updatedText(run, file, async () => templateDump(action));
        const text = `\nSCHED_ACTION = [${attributes.trim().split('\n').join(',')}]`;
        await refusedAs('Error updating', run.client.vm.schedupdate(id, actionId, text));
      }),
  });
}

function deleteScheduled(name: string, help: string): Command {
  return command({
    name,
    help,
    args: [required(vm.id), required(SCHED_ID)],
    run: (run, id, actionId) =>
      once(run, id, { kind: vm.kind, done: 'Scheduled Action deleted' }, () =>
        refusedAs('Error deleting', run.client.vm.scheddelete(id, actionId)),
      ),
  });
}

const TWO_WEEKS = 1_209_600;

const A_DAY = 86_400;

/** The charter of OpenNebula's default configuration (etc/cli/onevm.yaml): suspend, then terminate, with a warning each. */
const CHARTER = ['suspend', 'terminate'];

const createChart = command({
  name: 'create-chart',
  help: 'Gives a VM a charter: it is suspended after two weeks and terminated after two more.',
  args: [required(vm.id)],
  run: (run, id) =>
    once(run, id, { kind: vm.kind, done: 'Charter added' }, async () => {
      const document = await fetchDocument(run, 'one.vm.info', id, false);
      const age = run.io.now() - document.int('STIME');
      for (const [i, action] of CHARTER.entries()) {
        const time = `+${TWO_WEEKS * (i + 1) + age}`;
        const warning = `+${A_DAY + TWO_WEEKS * i}`;
        await run.client.vm.schedadd(
          id,
          `SCHED_ACTION = [ACTION  = ${action}, WARNING = ${warning},TIME    = ${time}]`,
        );
        run.print(`${vm.kind} ${id}: ${action} scheduled after ${time}s from start`);
      }
    }),
});

export const scheduleCommands: readonly Command[] = [
  createChart,
  deleteScheduled('delete-chart', 'Deletes a part of the charter of a VM.'),
  updateScheduled('update-chart', 'Changes a part of the charter of a VM.'),
  deleteScheduled('sched-delete', 'Deletes a scheduled action of a VM.'),
  updateScheduled('sched-update', 'Changes a scheduled action of a VM.'),
];
