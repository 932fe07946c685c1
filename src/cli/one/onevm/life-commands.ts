/** The verbs of a VM's life: deploy, stop, resume, migrate, recover, terminate and the like. */
import { MIGRATE_BY, RECOVER } from '../../../opennebula/client/constants.ts';
import { type Command, command, optional, required } from '../command.ts';
import { DATASTORE_ID, HOST_ID } from '../formats.ts';
import { flag } from '../option.ts';
import { TEMPLATE_FILE } from '../options/template-file.ts';
import { Refusal } from '../refusal.ts';
import type { AnyOption } from '../run.ts';
import { forEach } from '../verbs/each.ts';
import { plainVerb } from '../verbs/owned.ts';
import { SCHEDULE_OPTIONS, scheduleInstead } from './schedule.ts';
import { VMS, vm } from './vm.ts';

const { kind } = vm;

const HARD = flag({ name: 'hard', long: '--hard', help: 'Do not ask the guest' });

export const ENFORCE = flag({
  name: 'enforce',
  short: '-e',
  long: '--enforce',
  help: 'Refuse when the host has not room enough',
});
const LIVE = flag({ name: 'live', long: '--live', help: 'Without stopping the VM' });
const POFF = flag({ name: 'poff', long: '--poff', help: 'By powering the VM off' });
const POFF_HARD = flag({
  name: 'poff-hard',
  long: '--poff-hard',
  help: 'By powering the VM off without asking the guest',
});

/** A verb that is an action of the API by the same name, at once or later. */
function actionCommand(
  verb: { readonly name: string; readonly help: string; readonly done: string; readonly aliases?: readonly string[] },
  more: readonly AnyOption[] = [],
): Command {
  const { name, help, done, aliases = [] } = verb;
  return command({
    name,
    aliases,
    help,
    args: [VMS],
    options: [...SCHEDULE_OPTIONS, ...more],
    run: (run, ids) => {
      const action = run.has(HARD) ? `${name}-hard` : name;
      const act = (id: number) => run.client.vm.action(action, id);
      return scheduleInstead(run, ids, { action }) ?? forEach(run, ids, { kind, done }, act);
    },
  });
}

const deploy = command({
  name: 'deploy',
  help: [
    'Deploys VMs on a host, and in a system datastore where one is given, whatever the scheduler thinks.',
    'A template in a file or piped in says more of NICs whose network is chosen automatically.',
    'States: PENDING, HOLD, STOPPED, UNDEPLOYED',
  ].join('\n'),
  args: [VMS, required(HOST_ID), optional(DATASTORE_ID)],
  options: [ENFORCE, TEMPLATE_FILE],
  run: async (run, ids, hostId, datastoreId = -1) => {
    const extra = run.get(TEMPLATE_FILE) ?? (await run.io.readStdin('if-any'));
    return forEach(run, ids, { kind, done: `deploying in host ${hostId}` }, (id) =>
      run.client.vm.deploy(id, hostId, run.has(ENFORCE), datastoreId, extra),
    );
  },
});

const migrate = command({
  name: 'migrate',
  help: 'Moves VMs to another host, and to another system datastore where one is given.\nStates: RUNNING, POWEROFF, SUSPENDED',
  args: [VMS, required(HOST_ID), optional(DATASTORE_ID)],
  options: [ENFORCE, LIVE, POFF, POFF_HARD],
  run: (run, ids, hostId, datastoreId = -1) => {
    const by = run.has(POFF) ? MIGRATE_BY.POWEROFF : run.has(POFF_HARD) ? MIGRATE_BY.POWEROFF_HARD : MIGRATE_BY.SAVE;
    return forEach(run, ids, { kind, done: `migrating to ${hostId}` }, (id) =>
      run.client.vm.migrate(id, hostId, run.has(LIVE), run.has(ENFORCE), datastoreId, by),
    );
  },
});

/** Options of recover in the order in which one wins over the next. */
const RECOVERIES = [
  [flag({ name: 'success', long: '--success', help: 'The pending action was successful' }), RECOVER.SUCCESS],
  [flag({ name: 'failure', long: '--failure', help: 'The pending action failed' }), RECOVER.FAILURE],
  [flag({ name: 'retry', long: '--retry', help: 'Try the last action that failed again' }), RECOVER.RETRY],
  [flag({ name: 'delete', long: '--delete', help: 'Delete the VM' }), RECOVER.DELETE],
  [flag({ name: 'recreate', long: '--recreate', help: 'Delete the VM and create it anew' }), RECOVER.RECREATE],
  [
    flag({ name: 'deletedb', long: '--delete-db', help: 'Forget the VM; nothing is done on its host' }),
    RECOVER.DELETE_DB,
  ],
] as const;

const INTERACTIVE = flag({
  name: 'interactive',
  long: '--interactive',
  help: 'Go through the steps of --retry by hand; refused, since only a real front-end has them as scripts',
});

const recover = command({
  name: 'recover',
  help: [
    'Gets VMs out of an action that does not end or has failed. Look at the host first: only there can be seen what happened.',
    'States: any for --delete and --delete-db, any but DONE for --recreate, any *_FAILURE for --retry, else ACTIVE',
  ].join('\n'),
  args: [VMS],
  options: [...RECOVERIES.map(([option]) => option), INTERACTIVE],
  run: (run, ids) => {
    if (run.has(INTERACTIVE)) throw new Refusal('recover --interactive is not supported; use --retry alone.');
    const recovery = RECOVERIES.find(([option]) => run.has(option));
    if (!recovery) {
      throw new Refusal(
        [
          'Need to specify the result of the pending action.',
          '\t--success recover the VM by succeeding the missing action.',
          '\t--failure recover the VM by failing the missing action.',
          '\t--retry recover the VM by retrying the last failed action.',
          '\t--delete no recover possible, delete the VM.',
          '\t--recreate no recover possible, delete and recreate the VM.',
          '\t--delete-db no recover possible, delete the VM from the DB. No action performed on the hypervisor',
        ].join('\n'),
      );
    }
    return forEach(run, ids, { kind, done: 'recovering' }, (id) => run.client.vm.recover(id, recovery[1]));
  },
});

export const lifeCommands: readonly Command[] = [
  deploy,
  migrate,
  recover,
  actionCommand(
    {
      name: 'terminate',
      aliases: ['shutdown'],
      help: 'Ends VMs for good; with --hard without asking the guest.\nStates: all in which nothing else goes on',
      done: 'terminating',
    },
    [HARD],
  ),
  plainVerb(
    vm,
    { name: 'delete', help: 'Ends VMs in any state, as recover --delete does.', done: 'deleting' },
    ({ client }, id) => client.vm.recover(id, RECOVER.DELETE),
  ),
  actionCommand(
    {
      name: 'undeploy',
      help: 'Shuts VMs down and keeps them in the system datastore; they leave their hosts.\nStates: RUNNING, POWEROFF',
      done: 'shutting down',
    },
    [HARD],
  ),
  actionCommand(
    { name: 'poweroff', help: 'Powers VMs off; they stay on their hosts.\nStates: RUNNING', done: 'shutting down' },
    [HARD],
  ),
  actionCommand(
    { name: 'reboot', help: 'Reboots VMs; with --hard as the reset button does.\nStates: RUNNING', done: 'rebooting' },
    [HARD],
  ),
  actionCommand({
    name: 'hold',
    help: 'Holds VMs back from the scheduler; they can be deployed by hand.\nStates: PENDING',
    done: 'put on hold',
  }),
  actionCommand({ name: 'release', help: 'Gives VMs on hold to the scheduler.\nStates: HOLD', done: 'released' }),
  actionCommand({
    name: 'stop',
    help: 'Saves VMs with their memory in the system datastore; they leave their hosts.\nStates: RUNNING',
    done: 'stopping',
  }),
  actionCommand({
    name: 'suspend',
    help: 'Saves VMs with their memory; they stay on their hosts.\nStates: RUNNING',
    done: 'suspending',
  }),
  actionCommand({
    name: 'resume',
    help: 'Lets VMs run again.\nStates: STOPPED, SUSPENDED, UNDEPLOYED, POWEROFF, UNKNOWN',
    done: 'resuming',
  }),
  plainVerb(
    vm,
    {
      name: 'resched',
      help: 'Marks VMs for the scheduler, which moves them to other hosts.\nStates: RUNNING, POWEROFF',
      done: 'Setting resched flag',
    },
    ({ client }, id) => client.vm.action('resched', id),
  ),
  plainVerb(
    vm,
    { name: 'unresched', help: 'Takes that mark away.\nStates: RUNNING, POWEROFF', done: 'Clearing resched flag' },
    ({ client }, id) => client.vm.action('unresched', id),
  ),
];
