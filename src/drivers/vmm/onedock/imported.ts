/**
 * What can be done with a VM that was a container before OpenNebula knew of it (IMPORTED=YES, src/vm/VirtualMachine.cc, 7.4).
 * It is taken as it is: ONEDock has made neither its disks nor its network, and so leaves them alone. Its deploy id is the
 * id of its container.
 */
import { codeOf } from '../../../errors/thrown.ts';
import { keysOf, tableOf } from '../../../opennebula/tables.ts';
import { type Action, defineAction } from '../../contract/action.ts';
import type { VmmAction, VmmDriver } from '../../contract/families.ts';
import type { ContainerInspect } from '../../docker/docker-types.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { findImported, recordImport } from '../../hosts/imported-vms.ts';
import { LABEL } from '../../hosts/vm-on-host.ts';
import { fail } from '../errors.ts';
import { resourceLimits } from './container-spec.ts';
import type { Context, VmmServices } from './services.ts';
import { findVmText, readCapacity, readVmId, vmDirectory } from './vm.ts';

type VmmActions = VmmDriver<VmmServices>;

/** The same driver, for imported VMs too: what they cannot do is refused. */
export function withImported(actions: VmmActions): VmmActions {
  return tableOf(keysOf(actions), (name) => {
    const action = actions[name];
    const ofImported = IMPORTED[name] ?? refusal(name);
    const run: Action<VmmServices>['run'] = (argv, context) =>
      (isImported(context) ? ofImported : action).run(argv, context);
    return action.refusal || name === 'poll' ? action : { ...action, run };
  });
}

/** DEPLOY: takes the container over, and lets it run. @returns its id */
const deploy = defineAction({
  args: ['deploymentFile', 'host', '...ignored'],
  async run({ host: hostName }, context: Context) {
    const { document, hosts, settings, signal } = context;
    const vmId = readVmId(document());
    const name = findVmText(document(), 'DEPLOY_ID') ?? '';
    const host = await hosts.connect(hostName, signal);
    const container = await host.docker.find(name, { signal });
    if (!container) throw fail('IMPORTED_CONTAINER_GONE', { vmId, name, host: host.name });
    await using _lock = await host.lock(container.Id, { signal });
    const owner = await findOwner(host, container, settings.frontend.datastores, signal);
    if (owner !== undefined && owner !== `${vmId}`) throw fail('CONTAINER_OF_OTHER_VM', { vmId, name, owner });
    const directory = vmDirectory(document(), settings.frontend.datastores);
    await recordImport(host, directory, container.Id, signal);
    await run(host, container, signal);
    return container.Id;
  },
});

/** Number of the VM that a container is already. */
async function findOwner(host: DockerHost, { Id, Config }: ContainerInspect, datastores: string, signal: AbortSignal) {
  return Config.Labels?.[LABEL.vm] ?? (await findImported(host, datastores, signal)).get(Id)?.toString();
}

async function run({ docker }: DockerHost, { Id, State }: ContainerInspect, signal: AbortSignal): Promise<void> {
  if (State.Paused) await docker.unpause(Id, { signal });
  else await docker.start(Id, { signal });
}

interface OwnContainer {
  readonly host: DockerHost;
  readonly container: ContainerInspect;
}

/** Works on the container of the VM, when it was really taken over: a deploy may have been refused. */
async function withOwn(hostName: string, context: Context, work: (own: OwnContainer) => Promise<void>): Promise<void> {
  const { document, hosts, settings, signal } = context;
  const vmId = readVmId(document());
  const name = findVmText(document(), 'DEPLOY_ID') ?? '';
  const host = await hosts.connect(hostName, signal);
  const container = await host.docker.find(name, { signal });
  if (!container || (await findOwner(host, container, settings.frontend.datastores, signal)) !== `${vmId}`)
    throw fail('IMPORTED_CONTAINER_GONE', { vmId, name, host: host.name });
  await using _lock = await host.lock(container.Id, { signal });
  await work({ host, container });
}

const stop =
  ({ settings, signal }: Context) =>
  ({ host: { docker }, container: { Id } }: OwnContainer) =>
    docker.stop(Id, { graceSeconds: settings.timeouts.shutdownSeconds, signal });

const kill =
  ({ signal }: Context) =>
  async ({ host: { docker }, container: { Id } }: OwnContainer) => {
    await docker.kill(Id, { signal });
    await docker.wait(Id, { signal });
  };

/** The container stays on its host, whatever becomes of the VM: nothing else holds its files. */
const ending = (end: typeof stop | typeof kill) =>
  defineAction({
    args: ['deployId', 'host', '...ignored'],
    async run({ host }, context: Context) {
      refuseToLeave(context);
      try {
        await withOwn(host, context, end(context));
      } catch (error) {
        // What is not there, or belongs to another, has not to be ended.
        if (!isGone(error)) throw error;
      }
    },
  });

const restarting = (end: typeof stop | typeof kill) =>
  defineAction({
    args: ['deployId', 'host', '...ignored'],
    run: ({ host }, context: Context) =>
      withOwn(host, context, async (own) => {
        await end(context)(own);
        await own.host.docker.start(own.container.Id, { signal: context.signal });
      }),
  });

const save = defineAction({
  args: ['deployId', 'checkpoint', 'host', '...ignored'],
  async run({ host }, context: Context) {
    refuseToLeave(context);
    await withOwn(host, context, async ({ host: { docker }, container: { Id, State } }) => {
      if (!State.Paused) await docker.pause(Id, { signal: context.signal });
    });
  },
});

const restore = defineAction({
  args: ['checkpoint', 'host', 'deployId', '...ignored'],
  run: ({ host }, context: Context) => withOwn(host, context, (own) => run(own.host, own.container, context.signal)),
});

const resize = defineAction({
  args: ['deployId', 'vmId', 'host'],
  run: ({ host: hostName }, context: Context) =>
    withOwn(hostName, context, async ({ host: { docker }, container: { Id } }) => {
      const { document, settings, signal } = context;
      const { processors } = await docker.traits({ signal });
      const limits = resourceLimits(readCapacity(document()), { ...settings.container, processors });
      await docker.update(Id, limits, { signal });
    }),
});

const IMPORTED: Partial<Record<VmmAction, Action<VmmServices>>> = {
  deploy,
  shutdown: ending(stop),
  cancel: ending(kill),
  reboot: restarting(stop),
  reset: restarting(kill),
  save,
  restore,
  resize,
};

function refusal(action: string): Action<VmmServices> {
  return {
    args: ['...ignored'],
    run: async (_, { document }) => {
      throw fail('IMPORTED_VM_AS_IT_IS', { vmId: readVmId(document()), action });
    },
  };
}

function isImported({ stdin, document }: Pick<Context, 'stdin' | 'document'>): boolean {
  return stdin.startsWith('<') && findVmText(document(), 'TEMPLATE/IMPORTED') === 'YES';
}

/** SAVE_STOP, SAVE_MIGRATE and SHUTDOWN_UNDEPLOY (include/VirtualMachine.h, 7.4). */
const LEAVING: ReadonlySet<string> = new Set(['5', '7', '29']);

/** Its files cannot go with it. @throws IMPORTED_VM_AS_IT_IS */
function refuseToLeave({ document }: Context): void {
  if (LEAVING.has(findVmText(document(), 'LCM_STATE') ?? ''))
    throw fail('IMPORTED_VM_AS_IT_IS', { vmId: readVmId(document()), action: 'leaving its host' });
}

function isGone(error: unknown): boolean {
  return codeOf(error) === 'IMPORTED_CONTAINER_GONE';
}
