/** Several machines at the same time, and what the front-end forgets of them. */
import type { SshServer } from '../../transport/ssh.ts';
import { openOwnApi } from '../own-api.ts';
import type { Root } from '../root.ts';
import type { Cloud } from './cloud.ts';
import { fail } from './errors.ts';
import { openMachine } from './login.ts';
import { planRelease, type ReleasePlan, releaseHost } from './release.ts';
import { editKnownHosts, knownName, withoutKey } from './trust.ts';

export interface PlannedRelease {
  readonly address: string;
  readonly server: SshServer;
  /** Undefined for a machine that is no host. */
  readonly plan: ReleasePlan | undefined;
}

/** Nothing is changed. @throws HOST_OF_ANOTHER, HOST_HAS_VMS, HOST_REGISTERED, ENDPOINT_UNREACHABLE, SSH_* */
export async function planReleases(
  servers: readonly { readonly address: string; readonly server: SshServer }[],
  root: Root,
  cloud: Cloud,
  options: { readonly force: boolean },
): Promise<PlannedRelease[]> {
  const planned = await Promise.all(
    servers.map(async ({ address, server }) => {
      await using machine = openMachine(server);
      return { address, server, plan: await planRelease(machine, cloud, options) };
    }),
  );
  if (!options.force && root.isThisMachine) await ensureUnknown(root, planned);
  return planned;
}

/** @throws HOST_REGISTERED; nothing on a machine that is no front-end */
async function ensureUnknown(root: Root, planned: readonly PlannedRelease[]): Promise<void> {
  using client = await openOwnApi(root);
  if (client === undefined) return;
  const { objects } = await client.hostpool.info();
  const names = new Set(planned.flatMap(({ server, plan }) => (plan ? server.host : [])));
  for (const { id, name } of objects) if (names.has(name)) throw fail('HOST_REGISTERED', { host: name, id });
}

export function describeRelease(plan: ReleasePlan | undefined, { purge }: { readonly purge: boolean }): string {
  if (!plan) return 'is no host that was prepared.';
  const { containers, packages } = plan;
  const what = [
    ...(containers.length > 0 ? [`the VMs ${containers.join(', ')}`] : []),
    'Docker’s images and settings, oneadmin, the helper',
    ...(purge && packages.length > 0 ? [`the packages ${packages.join(', ')}`] : []),
  ];
  return `${what.join('; ')} go.`;
}

/** @returns what stays, for people. @throws HOST_NOT_CLEAN, COMMAND_FAILED, SSH_* */
export async function releaseAll(
  planned: readonly PlannedRelease[],
  root: Root,
  cloud: Cloud,
  options: { readonly purge: boolean; readonly report: (line: string) => void; readonly signal: AbortSignal },
): Promise<string[]> {
  const work = planned.map(async ({ address, server, plan }): Promise<string[]> => {
    if (!plan) return [];
    options.signal.throwIfAborted();
    await using machine = openMachine(server);
    const staying = await releaseHost(machine, plan, options);
    options.report(`${address} is as it was`);
    if (staying.length === 0) return [];
    return [`Packages that stay on ${address}: ${staying.join(', ')}.`];
  });
  const ended = await Promise.allSettled(work);
  const path = cloud.settings?.ssh.knownHostsFile;
  const released = planned.filter(({ plan }, i) => plan && ended[i]?.status === 'fulfilled');
  if (path !== undefined)
    await editKnownHosts(root, path, (text) =>
      released.reduce(
        (known, { server }) => withoutKey(known, knownName(server.host, cloud.settings?.ssh.port ?? 22)),
        text,
      ),
    );
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return ended.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
}
